// What the pages show while their scripts are on the way, and when these do not come.

import { faultsOf } from "../../axe.js";
import { expect, holdBack, test } from "../../fixtures.js";
import { signIn } from "../../signing-in.js";

/** @param {Tests.Page} page */
const heading = (page) => page.getByRole("heading", { level: 1 });
/** @param {Tests.Page} page */
const late = (page) => page.getByRole("alert").filter({ hasText: /couldn't be loaded|読み込めませんでした/ });
/**
 * @param {Tests.Stack} stack
 * @param {string} name
 */
const linkOf = async (stack, name) => {
  const owner = await stack.person({ name });
  return (await stack.api(owner, "GET", "/share-links")).share_links[0].url;
};

/**
 * Stops the time that pages give their scripts, from before they are drawn.
 *
 * @param {Tests.Page} page
 */
const stopTime = (page) =>
  page.addInitScript(() => {
    const stopped = new CSSStyleSheet();
    stopped.replaceSync("* { animation-play-state: paused !important; }");
    document.adoptedStyleSheets = [stopped];
  });

/**
 * Lets that time pass.
 *
 * @param {Tests.Page} page
 */
const pass = (page) =>
  page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      const name = animation instanceof CSSAnimation ? animation.animationName : "";
      if (["come", "go"].includes(name)) animation.finish();
    }
  });

test.beforeEach(({ watch }) => watch.allow(/^Failed to load resource: net::ERR_FAILED/));

for (const [locale, said, reload] of [
  ["en-GB", "The page couldn't be loaded", "Reload it"],
  ["ja-JP", "読み込めませんでした", "再読み込みしてください"],
]) {
  test(`a link page without its script says so, and comes back with it (${locale})`, async ({ stack, visitor }) => {
    const url = await linkOf(stack, "Late Lou");
    const guest = await stack.person({ name: "Late Lon" });
    const page = await visitor({ locale });
    await stopTime(page);
    await page.route(/\/assets\/link\./, (route) => route.abort());
    await page.goto(url);
    await expect(heading(page)).toContainText("Late Lou");
    await expect(late(page)).toHaveCount(0);
    await pass(page);
    await expect(late(page)).toContainText(said);
    expect(await faultsOf(page, "a link page without its script")).toEqual([]);
    await page.unroute(/\/assets\/link\./);
    await page.getByRole("link", { name: reload }).click();
    await expect(page).toHaveURL(/\/i\/_/);
    await expect(page.locator(".late")).toHaveCount(0);
    await signIn(page, guest);
    await expect(page.locator("[data-do=press]")).toBeVisible();
  });

  test(`the Manage Contacts page is there before its scripts, and says when they do not come (${locale})`, async ({
    visitor,
  }) => {
    const page = await visitor({ locale });
    await stopTime(page);
    const scripts = /\/assets\/vendor\/preact\./;
    const letThrough = await holdBack(page, scripts);
    await page.goto("/", { waitUntil: "commit" });
    await expect(heading(page)).toHaveText(/Manage Contacts|コンタクト管理/);
    await expect(page.getByRole("status")).toHaveText(/One moment|お待ちください/);
    await expect(late(page)).toHaveCount(0);
    expect(await faultsOf(page, "before the scripts")).toEqual([]);
    letThrough();
    await expect(page.getByRole("button", { name: /^(Sign in|ログイン)$/ })).toBeVisible();
    await expect(page.locator(".late, .loading")).toHaveCount(0);

    await page.unroute(scripts);
    await page.route(scripts, (route) => route.abort());
    await page.goto("about:blank");
    await page.goto("/");
    await pass(page);
    await expect(late(page)).toContainText(said);
    await expect(page.getByRole("status")).toHaveCount(0);
    expect(await faultsOf(page, "without the scripts")).toEqual([]);
    await page.unroute(scripts);
    await page.getByRole("link", { name: reload }).click();
    await expect(page.getByRole("button", { name: /^(Sign in|ログイン)$/ })).toBeVisible();
  });
}

test("an address without its token and the way back from the issuer say so too", async ({ stack, page }) => {
  await page.goto(await linkOf(stack, "Late Lia"));
  await expect(page).toHaveURL(/\/i\/_$/);
  await page.route(/\/assets\/(tokenless|signed-in)\..*js$/, (route) => route.abort());
  await page.reload();
  await pass(page);
  await expect(late(page)).toContainText("Reload it");
  await expect(page.getByRole("link", { name: "Reload it" })).toHaveCount(0);
  await page.goto("/assets/signed-in.html?code=made-up&state=made-up");
  await pass(page);
  await expect(late(page)).toContainText("Reload it");
  await expect(page.getByRole("link", { name: "Reload it" })).toHaveAttribute("href", "");
  await page.unroute(/\/assets\/(tokenless|signed-in)\..*js$/);
  await page.goBack();
  await expect(heading(page)).toContainText("Late Lia");
});

test("where scripts are switched off, nothing is waited for", async ({ stack, visitor }) => {
  const page = await visitor({ javaScriptEnabled: false });
  for (const address of ["/", await linkOf(stack, "Late Len"), "/i/_", "/assets/signed-in.html"]) {
    await page.goto(address);
    await expect(page.locator("noscript :is(p, h1)", { hasText: /JavaScript|Open the link/ }).first()).toBeVisible();
    await expect(page.locator(".late")).toHaveCSS("display", "none");
    for (const waiting of await page.locator(".loading, .wait").all()) await expect(waiting).toBeHidden();
  }
  await page.goto("/");
  await expect(page.locator("main")).toHaveCount(1);
});
