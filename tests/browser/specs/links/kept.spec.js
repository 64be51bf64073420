// What the pages behind links keep, and where: the token in the tab's history, a sign-in under way also for other tabs.

import { faultsOf } from "../../axe.js";
import { expect, linkIn, test } from "../../fixtures.js";
import { openManage } from "../../manage.js";
import { press, register } from "../../signing-in.js";

/** @param {Tests.Page} page */
const heading = (page) => page.getByRole("heading", { level: 1 });
/**
 * @param {Tests.Stack} stack
 * @param {Tests.Person} owner
 */
const linkOf = async (stack, owner) => (await stack.api(owner, "GET", "/share-links")).share_links[0].url;
/**
 * @param {Tests.Stack} stack
 * @param {Tests.Person} inviter
 * @param {string} address
 */
const unsubscribeLink = async (stack, inviter, address) => {
  await stack.api(inviter, "POST", "/invitations", { emails: [address], locale: "en" });
  const [mail] = await stack.mailTo(address);
  return linkIn(mail, "u");
};

// As a browser does that may store nothing for a page.
const storeNothing = () => {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, {
      get: () => {
        throw new DOMException("The document may not store anything.", "SecurityError");
      },
    });
  }
};

test("the token leaves the address bar; a reload and the way back know the link", async ({ stack, page }) => {
  const [one, other] = [await stack.person({ name: "One Rhea" }), await stack.person({ name: "Other Rhea" })];
  const url = await linkOf(stack, one);
  await page.goto(url);
  await expect(page).toHaveURL(/\/i\/_$/);
  await page.reload();
  await expect(heading(page)).toContainText("One Rhea");
  await expect(page).toHaveURL(/\/i\/_$/);

  await page.goto(await linkOf(stack, other));
  await expect(heading(page)).toContainText("Other Rhea");
  await page.goBack();
  await expect(heading(page)).toContainText("One Rhea");
  await expect(page).toHaveURL(/\/i\/_$/);
});

test("an unsubscribe page comes back too, and in the other language", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Mailing Mo" });
  const link = await unsubscribeLink(stack, inviter, "kept@mail.example");
  await page.goto(link);
  await expect(page).toHaveURL(/\/u\/_$/);
  await page.reload();
  // The page that only knows the way back has the other language too.
  await expect(page.getByRole("button", { name: "Unsubscribe" })).toBeVisible();
  await page.getByRole("link", { name: "日本語" }).click();
  await expect(heading(page)).toHaveText("招待メールの配信停止");
  await expect(page).toHaveURL(/\/u\/_\?lang=ja$/);
  const posted = page.waitForRequest((request) => request.method() === "POST");
  await page.getByRole("button", { name: "配信を停止する" }).click();
  expect((await posted).url()).toBe(`${link}?lang=ja`);
  await expect(page.getByRole("status")).toContainText("今後配信されません");
});

for (const [path, said, inJapanese] of [
  ["/i/_", "Open the link again", "リンクを開き直してください"],
  ["/u/_", "Open the link in the email again", "メールのリンクを開き直してください"],
]) {
  test(`${path} from elsewhere says what to open`, async ({ page, visitor }) => {
    const response = await page.goto(path);
    expect(response?.status()).toBe(200);
    await expect(heading(page)).toHaveText(said);
    await expect(page).toHaveTitle(said);
    await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
    expect(await faultsOf(page, path)).toEqual([]);

    const plain = await visitor({ javaScriptEnabled: false, locale: "ja-JP" });
    await plain.goto(path);
    await expect(plain.locator("noscript h1", { hasText: inJapanese })).toBeVisible();
    await expect(plain.locator(".wait")).toBeHidden();
  });
}

test("where the browser stores nothing, the pages say that signing in needs it", async ({ stack, page }) => {
  await page.addInitScript(storeNothing);
  const owner = await stack.person({ name: "Strict Stan" });
  const url = await linkOf(stack, owner);
  await page.goto(url);
  await expect(page).toHaveURL(/\/i\/_$/);
  for (const name of ["Sign in", "Sign up"]) {
    await press(page, name);
    await expect(page.getByRole("alert")).toContainText("Allow site data");
    expect(await faultsOf(page, "no storage")).toEqual([]);
    await page.reload();
    await expect(heading(page)).toContainText("Strict Stan invites you");
    await page.waitForLoadState();
    await expect(page.getByRole("alert")).toBeEmpty();
  }
});

test("unsubscribing needs no storage", async ({ stack, page }) => {
  await page.addInitScript(storeNothing);
  const inviter = await stack.person({ name: "Mailing Max" });
  await page.goto(await unsubscribeLink(stack, inviter, "strict@mail.example"));
  await page.reload();
  await page.getByRole("button", { name: "Unsubscribe" }).click();
  await expect(page.getByRole("status")).toContainText("You won't receive");
  await stack.api(inviter, "POST", "/invitations", { emails: ["strict@mail.example"] });
  expect(await stack.mailTo("strict@mail.example")).toHaveLength(1);
});

test("who registers in another tab comes back to the link there, and nobody else can", async ({
  stack,
  page,
  context,
  visitor,
}) => {
  const owner = await stack.person({ name: "Waiting Wanda" });
  const url = await linkOf(stack, owner);
  const token = url.split("/i/")[1];
  await page.goto(url);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByRole("button", { name: "Sign up and sign in" })).toBeVisible();
  await expect(page).toHaveURL(/\/authorize\?/);
  const issuer = page.url();
  expect(issuer).not.toContain(token);
  const kept = (await context.storageState()).origins.flatMap(({ localStorage }) => localStorage);
  expect(kept.map(({ name }) => name)).toEqual(["sign-in"]);
  expect(kept[0].value).toMatch(/^\[[\d,]+\]$/);
  expect(String.fromCharCode(...JSON.parse(kept[0].value))).not.toContain(token);

  // As by the link in the issuer's mail: in a tab that knows nothing, and in another browser.
  const stranger = await visitor();
  await stranger.goto(issuer);
  await register(stranger, { name: "Elsewhere Elsa", email: "elsa@mail.example" });
  await expect(heading(stranger)).toHaveText("You aren't signed in here");
  expect(await faultsOf(stranger, "a sign-in from elsewhere")).toEqual([]);
  await stranger.getByRole("link", { name: "Go to your contacts" }).click();
  await expect(stranger.getByRole("button", { name: "Sign in" })).toBeVisible();

  const tab = await context.newPage();
  await tab.goto(issuer);
  await register(tab, { name: "Tabbed Tess", email: "tess@mail.example" });
  await tab.getByRole("button", { name: "Send request" }).click();
  await expect(heading(tab)).toHaveText("Request sent");
  const left = (await context.storageState()).origins.flatMap(({ localStorage }) => localStorage);
  expect(left).toEqual([{ name: "signed-in", value: "true" }]);
});

test("a sign-in that came to nothing says so in the chosen language, and leads back", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Cancelled Cay" });
  await page.goto(`${await linkOf(stack, owner)}?lang=ja`);
  await page.getByRole("button", { name: "ログイン" }).click();
  await expect(page).toHaveURL(/\/authorize\?/);
  const state = new URL(page.url()).searchParams.get("state");
  await page.goto(`/assets/signed-in.html?error=access_denied&state=${state}`);
  await expect(heading(page)).toHaveText("ログインできませんでした");
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  await expect(page).toHaveTitle("ログインできませんでした");
  expect(await faultsOf(page, "a sign-in that came to nothing")).toEqual([]);
  await page.getByRole("main").getByRole("link").click();
  await expect(heading(page)).toContainText("Cancelled Cayさん");
});

test("a sign-in from elsewhere is answered in the language of the Manage Contacts page", async ({ stack, page }) => {
  await openManage(page, await stack.person({ name: "Bilingual Bea" }));
  await page.getByRole("button", { name: "日本語" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  await page.goto("/assets/signed-in.html?code=made-up&state=made-up");
  await expect(heading(page)).toHaveText("このブラウザーではログインしていません");
});
