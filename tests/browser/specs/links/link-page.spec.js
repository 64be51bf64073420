// The page behind a link, case by case, as its visitors see it.

import { faultsOf } from "../../axe.js";
import { answered, expect, linkIn, test } from "../../fixtures.js";
import { openManage } from "../../manage.js";
import { chooseToBe, signIn } from "../../signing-in.js";

/**
 * @param {Tests.Stack} stack
 * @param {Tests.Person} owner
 * @param {Api.ShareLinkChange} [settings]
 */
const linkOf = async (stack, owner, settings) => {
  if (settings) return stack.api(owner, "POST", "/share-links", settings);
  return (await stack.api(owner, "GET", "/share-links")).share_links[0];
};
/** @param {Tests.Page} page */
const heading = (page) => page.getByRole("heading", { level: 1 });
/** @param {Tests.Page} page */
const press = (page) => page.locator("[data-do=press]");

test("it shows who invites to whoever opens it, in their language", async ({ stack, visitor }) => {
  const owner = await stack.person({ name: "高橋 一郎" });
  const { url } = await linkOf(stack, owner);
  const japanese = await visitor({ locale: "ja-JP" });
  await japanese.goto(url);
  await expect(heading(japanese)).toContainText("高橋 一郎さん");
  await expect(japanese.locator("html")).toHaveAttribute("lang", "ja");
  await expect(japanese.getByRole("button", { name: "ログイン" })).toBeVisible();
  await expect(japanese.getByRole("button", { name: "新規登録" })).toBeVisible();
  await expect(japanese.locator("body")).not.toContainText(owner.email);
  await expect(japanese.locator("noscript")).toBeHidden();

  const english = await visitor({ locale: "en-GB" });
  await english.goto(url);
  await expect(heading(english)).toContainText("高橋 一郎 invites you");
  await expect(english.locator("html")).toHaveAttribute("lang", "en");
  await english.getByRole("link", { name: "日本語" }).click();
  await expect(heading(english)).toContainText("高橋 一郎さん");
  await expect(english.locator("html")).toHaveAttribute("lang", "ja");
});

test("the language of the address holds until the switch, which holds after a reload", async ({ stack, visitor }) => {
  const owner = await stack.person({ name: "Lingual Lin" });
  const { url } = await linkOf(stack, owner);
  const page = await visitor({ locale: "en-GB" });
  await page.goto(`${url}?lang=ja`);
  await expect(heading(page)).toContainText("Lingual Linさん");
  await page.reload();
  await expect(heading(page)).toContainText("Lingual Linさん");
  await page.getByRole("link", { name: "English" }).click();
  await expect(heading(page)).toContainText("Lingual Lin invites you");
  await page.reload();
  await expect(heading(page)).toContainText("Lingual Lin invites you");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("a name stays in one line where it fits, and in the page where it does not", async ({ stack, visitor }) => {
  const page = await visitor({ locale: "ja-JP", viewport: { width: 320, height: 640 } });
  const name = page.locator("h1 .name");
  const lines = () =>
    name.evaluate((part) => {
      const { lineHeight } = getComputedStyle(part);
      return Math.round(part.getBoundingClientRect().height / parseFloat(lineHeight));
    });
  for (const { given, fits } of [
    { given: "リンク 太郎", fits: true },
    { given: "Maria Fernanda Guadalupe de la Cruz-Santos Villanueva Ortega III", fits: false },
    { given: "M".repeat(64), fits: false },
  ]) {
    const { url } = await linkOf(stack, await stack.person({ name: given }));
    await page.goto(url);
    await expect(name).toHaveText(`${given}さん`);
    expect((await lines()) === 1).toBe(fits);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  }
});

test("signing in changes nothing, pressing sends a request, pressing again later says so", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Owner Olga" });
  const visitor = await stack.person({ name: "Visitor Vera" });
  const { url } = await linkOf(stack, owner);
  await page.goto(url);
  await signIn(page, visitor);
  await expect(press(page)).toBeVisible();
  const waiting = () => stack.api(owner, "GET", "/contact-requests?direction=incoming");
  expect((await waiting()).contact_requests).toEqual([]);
  await press(page).click();
  await expect(heading(page)).toHaveText("Request sent");
  await expect(heading(page)).toBeFocused();
  expect((await waiting()).contact_requests.map(({ user }) => user.name)).toEqual(["Visitor Vera"]);

  await page.goto(url);
  await expect(heading(page)).toHaveText("Your request is pending");
});

test("an automatic link connects at once, and then knows the contact", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Automatic Ada" });
  const visitor = await stack.person({ name: "Visitor Vic" });
  const { url } = await linkOf(stack, owner, { name: "fair", approval: "automatic" });
  await page.goto(url);
  await signIn(page, visitor);
  await press(page).click();
  await expect(heading(page)).toHaveText("You and Automatic Ada are now contacts");
  await page.goto(url);
  await expect(heading(page)).toHaveText("You and Automatic Ada are contacts");
});

test("an owner is told that the link is their own", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Own Oona" });
  const { url } = await linkOf(stack, owner);
  await page.goto(url);
  await signIn(page, owner);
  await expect(heading(page)).toHaveText("This is your own link");
});

test("where the owner has asked already, pressing accepts", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Asking Anna" });
  const visitor = await stack.person({ name: "Asked Asta" });
  await stack.api(owner, "POST", "/contact-requests", { user_id: visitor.userId });
  const { url } = await linkOf(stack, owner);
  await page.goto(url);
  await signIn(page, visitor);
  await expect(heading(page)).toHaveText("Asking Anna sent you a contact request");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(heading(page)).toHaveText("You and Asking Anna are now contacts");
});

test("a dead link says why", async ({ stack, page, watch }) => {
  watch.allow(answered(410));
  watch.allow(answered(404));
  const owner = await stack.person({ name: "Dead Dora" });
  const off = await linkOf(stack, owner, { name: "off", enabled: false });
  await page.goto(off.url);
  await expect(heading(page)).toHaveText("This link no longer works");
  await expect(page.locator("body")).not.toContainText("Dead Dora");

  const short = await linkOf(stack, owner, { name: "short", expires_in_days: 1 });
  await stack.clock(2 * 24 * 3600);
  await page.goto(short.url);
  await expect(heading(page)).toHaveText("This link has expired");

  await page.goto(`/i/${"A".repeat(43)}`);
  await expect(heading(page)).toHaveText("Link not found");
});

/**
 * @param {Tests.Stack} stack
 * @param {Tests.Person} person
 * @param {string} url
 */
const redeem = (stack, person, url) => stack.api(person, "POST", `/invite-links/${url.split("/i/")[1]}/redemptions`);

test("who has become a contact by a link is told so when it is used up, and nobody else learns whose it is", async ({
  stack,
  page,
  visitor,
  watch,
}) => {
  watch.allow(answered(410));
  const owner = await stack.person({ name: "Used <b>Una</b>" });
  const contact = await stack.person({ name: "Contact Cem" });
  const { url } = await linkOf(stack, owner, { name: "one", approval: "automatic", max_uses: 1 });
  await page.goto(url);
  await signIn(page, contact);
  await press(page).click();
  await expect(heading(page)).toHaveText("You and Used <b>Una</b> are now contacts");
  for (const [address, said] of [
    [url, "You and Used <b>Una</b> are contacts"],
    [`${url}?lang=ja`, "Used <b>Una</b>さんとはすでにコンタクトです"],
  ]) {
    const response = await page.goto(address);
    expect(response?.status()).toBe(410);
    expect(await response?.text()).not.toContain("Una");
    await expect(heading(page)).toHaveText(said);
    await expect(page).toHaveTitle(`${said} – Contacts`);
    await expect(page.locator("#who")).toContainText("Contact Cem");
    expect(await faultsOf(page, said)).toEqual([]);
  }
  await page.getByRole("link", { name: "コンタクト一覧を見る" }).click();
  await expect(page.getByRole("list").first()).toContainText("Used <b>Una</b>");

  const own = await visitor();
  await openManage(own, owner);
  await own.goto(url);
  await expect(heading(own)).toHaveText("This is your own link");

  const stranger = await visitor();
  await openManage(stranger, await stack.person({ name: "Stranger Stu" }));
  await stranger.goto(url);
  await expect(stranger.locator("#who")).toContainText("Stranger Stu");
  await expect(heading(stranger)).toHaveText("This link has reached its limit");
  await expect(stranger.locator("main")).toHaveAttribute("data-view", "used_up");

  const anonymous = await visitor();
  /** @type {string[]} */
  const asked = [];
  anonymous.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await anonymous.goto(url);
  await expect(heading(anonymous)).toHaveText("This link has reached its limit");
  await expect(anonymous).toHaveURL(/\/i\/_$/);
  expect(asked.filter((path) => !path.startsWith("/i/") && !path.startsWith("/assets/"))).toEqual([]);
});

test("who has become a contact by a mail is told so when its link is opened again", async ({ stack, page, watch }) => {
  watch.allow(answered(410));
  const inviter = await stack.person({ name: "Mailing Mia" });
  const email = "again@mail.example";
  await stack.api(inviter, "POST", "/invitations", { emails: [email], locale: "en" });
  const [mail] = await stack.mailTo(email);
  const link = linkIn(mail, "i");
  const invitee = await stack.person({ name: "Invited Ivo", email });
  await page.goto(link);
  await signIn(page, invitee);
  await press(page).click();
  await expect(heading(page)).toHaveText("You and Mailing Mia are now contacts");
  const response = await page.goto(link);
  expect(response?.status()).toBe(410);
  await expect(heading(page)).toHaveText("You and Mailing Mia are contacts");
});

test("a dead link that cannot be asked about is asked about again on demand", async ({ stack, page, watch }) => {
  watch.allow(/^Failed to load resource/);
  const owner = await stack.person({ name: "Later Lea" });
  const contact = await stack.person({ name: "Later Leo" });
  const { url } = await linkOf(stack, owner, { name: "one", approval: "automatic", max_uses: 1 });
  await redeem(stack, contact, url);
  await openManage(page, contact);
  await page.route("**/invite-links/*", (route) => route.fulfill({ status: 503, json: { code: "unavailable" } }));
  await page.goto(url);
  await expect(heading(page)).toHaveText("The service isn't responding");
  await page.unroute("**/invite-links/*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(heading(page)).toHaveText("You and Later Lea are contacts");

  // Whose sign-in is over is nobody that the link knows.
  await page.route("**/invite-links/*", (route) => route.fulfill({ status: 401, json: { code: "unauthorized" } }));
  await page.goto(url);
  await expect(page.getByRole("alert")).toContainText("Your session has expired");
  await expect(heading(page)).toHaveText("This link has reached its limit");
});

test("one visit counts once, whatever the visitor does on the page", async ({ stack, page, visitor }) => {
  const owner = await stack.person({ name: "Counting Cora" });
  const guest = await stack.person({ name: "Counted Cuno" });
  const { url } = await linkOf(stack, owner);
  const views = async () => (await linkOf(stack, owner)).views;
  await page.goto(url);
  await expect(page).toHaveURL(/\/i\/_$/);
  await page.reload();
  await expect(heading(page)).toContainText("Counting Cora");
  await page.getByRole("link", { name: "日本語" }).click();
  await expect(heading(page)).toContainText("Counting Coraさん");
  await signIn(page, guest);
  await expect(page.locator("#who")).toContainText("Counted Cuno");
  expect(await views()).toBe(1);

  const another = await visitor();
  await another.goto(url);
  await expect(heading(another)).toContainText("Counting Cora");
  expect(await views()).toBe(2);
});

test("the language of the address goes on to the Manage Contacts page", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Onward Ono" });
  const guest = await stack.person({ name: "Onward Ona" });
  const { url } = await linkOf(stack, owner);
  await page.goto(`${url}?lang=ja`);
  await signIn(page, guest);
  await page.getByRole("button", { name: "申請を送る" }).click();
  await page.getByRole("link", { name: "コンタクト申請を見る" }).click();
  await expect(heading(page)).toHaveText("コンタクト申請");
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
});

test("an address that is none says so, and speaks of no link", async ({ page, watch }) => {
  watch.allow(answered(404));
  for (const path of ["/robots.txt", "/assets/none.js", "/i/"]) {
    await page.goto(path);
    await expect(heading(page)).toHaveText("Page not found");
    await expect(page.locator("body")).not.toContainText("link");
  }
  await page.getByRole("link", { name: "Open Contacts" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("without JavaScript it can be read, and says what is needed", async ({ stack, visitor }) => {
  const owner = await stack.person({ name: "Plain Pia" });
  const { url } = await linkOf(stack, owner);
  const page = await visitor({ javaScriptEnabled: false });
  await page.goto(url);
  await expect(heading(page)).toContainText("Plain Pia");
  await expect(page.locator("noscript p", { hasText: "requires JavaScript" })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
});

test("when the service does not answer, nothing is lost and it can be tried again", async ({ stack, page, watch }) => {
  watch.allow(/^Failed to load resource/);
  const owner = await stack.person({ name: "Patient Pam" });
  const visitor = await stack.person({ name: "Patient Pat" });
  const { url } = await linkOf(stack, owner);
  await page.goto(url);
  await signIn(page, visitor);
  await expect(press(page)).toBeVisible();
  await page.route("**/redemptions", (route) => route.abort(), { times: 1 });
  await press(page).click();
  await expect(page.getByRole("alert")).toContainText("The service isn't responding");
  await press(page).click();
  await expect(heading(page)).toHaveText("Request sent");
  await expect(page.getByRole("alert")).toBeEmpty();
});

test("a page that could not be made comes on the second try", async ({ stack, page, watch }) => {
  watch.allow(answered(503));
  const owner = await stack.person({ name: "Second Sue" });
  const { url } = await linkOf(stack, owner);
  await stack.withoutStore(async () => {
    await page.goto(url);
    await expect(heading(page)).toHaveText("The service isn't responding");
    // The page that comes says what the one before said.
    const [again, loaded] = [page.waitForResponse(url), page.waitForEvent("load")];
    await page.getByRole("button", { name: "Try again" }).click();
    expect((await again).status()).toBe(503);
    await loaded;
    await expect(heading(page)).toHaveText("The service isn't responding");
  });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(heading(page)).toContainText("Second Sue invites you");
});

test("what a link is for somebody is asked again on demand", async ({ stack, page, watch }) => {
  watch.allow(/^Failed to load resource/);
  const owner = await stack.person({ name: "Asked Amy" });
  const visitor = await stack.person({ name: "Asking Abe" });
  const { url } = await linkOf(stack, owner);
  await page.route("**/invite-links/*", (route) => route.abort());
  await page.goto(url);
  await signIn(page, visitor);
  await expect(heading(page)).toHaveText("The service isn't responding");
  await page.unroute("**/invite-links/*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(heading(page)).toHaveText("Send Asked Amy a contact request?");
});

test("who is signed in with an account that is not registered may use another", async ({ stack, page, watch }) => {
  watch.allow(answered(403));
  const owner = await stack.person({ name: "Open Ophelia" });
  const stranger = await stack.person({ name: "Strange Sid" });
  const registered = await stack.person({ name: "Known Kim" });
  const { url } = await linkOf(stack, owner);
  /** @param {Tests.Route} route */
  const unregistered = (route) => route.fulfill({ status: 403, json: { code: "not_registered" } });
  for (const path of ["**/invite-links/*", "**/me"]) await page.route(path, unregistered, { times: 1 });
  await page.goto(url);
  await signIn(page, stranger);
  await expect(heading(page)).toHaveText("You don't have an account yet");
  await expect(page.getByRole("button", { name: "Sign up" })).toBeVisible();
  await expect(page.getByText("Signed in as")).toBeHidden();

  await page.getByRole("button", { name: "Use another account" }).click();
  await chooseToBe(page, registered);
  await expect(page.locator("#who")).toContainText("Signed in as Known Kim");
  await press(page).click();
  await expect(heading(page)).toHaveText("Request sent");
  const { contact_requests } = await stack.api(owner, "GET", "/contact-requests?direction=incoming");
  expect(contact_requests.map(({ user }) => user.name)).toEqual(["Known Kim"]);
});
