// The page behind a link, case by case, as its visitors see it.

import { answered, expect, test } from "../fixtures.js";
import { signIn } from "../signing-in.js";

const linkOf = async (stack, owner, settings) => {
  if (settings) return stack.api(owner, "POST", "/share-links", settings);
  return (await stack.api(owner, "GET", "/share-links")).share_links[0];
};
const heading = (page) => page.getByRole("heading", { level: 1 });
const add = (page) => page.getByRole("button", { name: "Add to Contacts" });

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

test("its token leaves the address bar, and a reload still knows it", async ({ stack, page, watch }) => {
  // The address without its token is nobody's link; the page goes on to the one that the tab keeps.
  watch.allow(answered(404));
  const owner = await stack.person({ name: "Reload Rhea" });
  const { url } = await linkOf(stack, owner);
  await page.goto(url);
  await expect(page).not.toHaveURL(url);
  await page.reload();
  await expect(heading(page)).toContainText("Reload Rhea");
  expect(page.url()).not.toContain(url.split("/i/")[1]);
});

test("signing in changes nothing, pressing sends a request, pressing again later says so", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Owner Olga" });
  const visitor = await stack.person({ name: "Visitor Vera" });
  const { url } = await linkOf(stack, owner);
  await page.goto(url);
  await signIn(page, visitor);
  await expect(add(page)).toBeVisible();
  const waiting = () => stack.api(owner, "GET", "/contact-requests?direction=incoming");
  expect((await waiting()).contact_requests).toEqual([]);
  await add(page).click();
  await expect(heading(page)).toHaveText("Your request is sent");
  await expect(heading(page)).toBeFocused();
  expect((await waiting()).contact_requests.map(({ user }) => user.name)).toEqual(["Visitor Vera"]);

  await page.goto(url);
  await expect(heading(page)).toHaveText("Your request is waiting");
});

test("an automatic link connects at once, and then knows the contact", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Automatic Ada" });
  const visitor = await stack.person({ name: "Visitor Vic" });
  const { url } = await linkOf(stack, owner, { name: "fair", approval: "automatic" });
  await page.goto(url);
  await signIn(page, visitor);
  await add(page).click();
  await expect(heading(page)).toHaveText("You and Automatic Ada are contacts now");
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
  await expect(heading(page)).toHaveText("Asking Anna has sent you a contact request");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(heading(page)).toHaveText("You and Asking Anna are contacts now");
});

test("a dead link says why", async ({ stack, page, watch }) => {
  watch.allow(answered(410));
  watch.allow(answered(404));
  const owner = await stack.person({ name: "Dead Dora" });
  const off = await linkOf(stack, owner, { name: "off", enabled: false });
  await page.goto(off.url);
  await expect(heading(page)).toHaveText("This link is not valid any more");
  await expect(page.locator("body")).not.toContainText("Dead Dora");

  const short = await linkOf(stack, owner, { name: "short", expires_in_days: 1 });
  await stack.clock(2 * 24 * 3600);
  await page.goto(short.url);
  await expect(heading(page)).toHaveText("This link has expired");

  await page.goto(`/i/${"A".repeat(43)}`);
  await expect(heading(page)).toHaveText("There is no such link");
});

test("without JavaScript it can be read, and says what is needed", async ({ stack, visitor }) => {
  const owner = await stack.person({ name: "Plain Pia" });
  const { url } = await linkOf(stack, owner);
  const page = await visitor({ javaScriptEnabled: false });
  await page.goto(url);
  await expect(heading(page)).toContainText("Plain Pia");
  await expect(page.locator("noscript p", { hasText: "needs JavaScript" })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
});

test("when the service does not answer, nothing is lost and it can be tried again", async ({ stack, page, watch }) => {
  watch.allow(/^Failed to load resource/);
  const owner = await stack.person({ name: "Patient Pam" });
  const visitor = await stack.person({ name: "Patient Pat" });
  const { url } = await linkOf(stack, owner);
  await page.goto(url);
  await signIn(page, visitor);
  await expect(add(page)).toBeVisible();
  await page.route("**/redemptions", (route) => route.abort(), { times: 1 });
  await add(page).click();
  await expect(page.getByRole("alert")).toContainText("The service does not answer");
  await add(page).click();
  await expect(heading(page)).toHaveText("Your request is sent");
  await expect(page.getByRole("alert")).toBeEmpty();
});
