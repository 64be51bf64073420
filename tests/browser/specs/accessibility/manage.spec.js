// No view of the Manage Contacts page has a fault that axe-core knows: in Japanese and English, light and dark,
// at 1280 and 320 pixels, where nothing may have to be scrolled sideways either.

import { looking } from "../../axe.js";
import { answered, expect, test } from "../../fixtures.js";
import { openManage } from "../../manage.js";

test.use({ contextOptions: { reducedMotion: "reduce" } });

/**
 * @param {Tests.Stack} stack
 * @param {Tests.Person} one
 * @param {Tests.Person} other
 */
const contacts = async (stack, one, other) => {
  await stack.api(one, "POST", "/contact-requests", { user_id: other.userId });
  await stack.api(other, "POST", "/contact-requests", { user_id: one.userId });
};

/**
 * Somebody with something on every tab. All whom a search for the tag finds stand in another relation.
 *
 * @param {Tests.Stack} stack
 * @param {string} tag
 */
const busyPerson = async (stack, tag) => {
  /**
   * @param {string} name
   * @param {Partial<Tests.Registration>} [more]
   */
  const person = (name, more) => stack.person({ name: `${name} ${tag}`, ...more });
  const me = await person("Busy", { organization: `${tag} Ltd`, chatwork_id: `busy-${tag}` });
  const [friend, asking, asked, , pest] = [
    await person("Friend", { organization: "Elsewhere & Sons", chatwork_id: `friend-${tag}` }),
    await person("Asking", { organization: "Elsewhere & Sons" }),
    await person("Asked"),
    await person("Colleague", { organization: `${tag} Ltd` }),
    await person("Pest"),
    await person("Somebody"),
  ];
  await contacts(stack, me, friend);
  await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId, message: "こんにちは。\nHello." });
  await stack.api(me, "POST", "/contact-requests", { user_id: asked.userId, message: "Hello" });
  await stack.api(me, "PUT", `/blocks/${pest.userId}`);
  await stack.api(me, "POST", "/invitations", { emails: [`one-${tag}@axe.example`, `two-${tag}@axe.example`] });
  await stack.api(me, "POST", "/share-links", {
    name: "Fair",
    approval: "automatic",
    max_uses: 5,
    expires_in_days: 10,
  });
  await stack.api(me, "POST", "/share-links", { name: "Off", enabled: false });
  await stack.idle();
  return me;
};

/** @type {Page.ViewName[]} */
const tabs = ["contacts", "requests", "search", "invite", "connect", "settings"];

/**
 * A tab by its address, once what it shows has come.
 *
 * @param {Tests.Page} page
 * @param {Page.ViewName} tab
 */
const go = async (page, tab) => {
  // A view that is open stays as it is.
  await page.evaluate((name) => {
    if (!location.hash.startsWith(`#${name}`)) location.hash = name;
  }, tab);
  const current = page.getByRole("navigation").locator("[aria-current]");
  if (tab === "settings") await expect(current).toHaveCount(0);
  else await expect(current).toHaveAttribute("href", `#${tab}`);
  await loaded(page);
};

/** @param {Tests.Page} page */
const loaded = async (page) => {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator(".loading, [aria-busy=true], .qr:empty")).toHaveCount(0);
};

const languages = {
  "en-GB": {
    add: /^Add$/,
    account: /account$/,
    blocked: "Blocked people",
    find: "Search",
    ask: /^Add .*Somebody/,
    cancel: /^Cancel/,
    decline: /^Decline/,
    remove: /^Remove/,
    bulk: "Bulk Add",
    pasted: "Paste email addresses",
    check: "Check addresses",
    send: /^Send \d/,
    preview: "Preview email",
    settings: "Link settings",
    replace: "Reset link",
    off: "Turn off",
    fresh: "New link",
    results: "Results",
    again: "Try again",
  },
  "ja-JP": {
    add: "追加",
    account: /アカウント$/,
    blocked: "ブロックしているユーザー",
    find: "検索",
    ask: /Somebody.*追加/,
    cancel: /取り消す/,
    decline: /拒否/,
    remove: /削除/,
    bulk: "まとめて追加",
    pasted: /まとめて貼り付け/,
    check: "アドレスを確認",
    send: /件の招待を送る/,
    preview: "メールをプレビュー",
    settings: "リンクの設定",
    replace: "リンクを再発行",
    off: "停止する",
    fresh: "新しいリンク",
    results: "検索結果",
    again: "もう一度試す",
  },
};

/**
 * @typedef {Pick<Parameters<Parameters<typeof test>[2]>[0], "stack" | "page" | "watch">} Given
 * @typedef {{ words: typeof languages["en-GB"] | typeof languages["ja-JP"], tag: string }} Language
 */

/**
 * @param {Given} given
 * @param {Language} language
 */
const newcomer = async ({ stack, page, watch }, { words, tag }) => {
  watch.allow(answered(403));
  const { look, none } = looking(page);
  const me = await stack.person({ name: `Newcomer ${tag}` });
  await page.goto("/");
  await expect(page.getByRole("main").getByRole("button").first()).toBeVisible();
  await look("signed out");
  await openManage(page, me);
  for (const tab of tabs) {
    await go(page, tab);
    await look(`${tab}, empty`);
  }
  await go(page, "search");
  await page.getByRole("searchbox").fill("zzzz");
  await page.getByRole("button", { name: words.find, exact: true }).click();
  await expect(page.getByRole("main")).toContainText("zzzz");
  await look("nobody found");
  await page.route("**/me", (route) => route.fulfill({ status: 403, json: { code: "not_registered" } }));
  await page.reload();
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(2);
  await look("not registered");
  none();
};

/**
 * @param {Omit<Given, "watch">} given
 * @param {Language} language
 */
const tabsOfSomebodyBusy = async ({ stack, page }, { words, tag }) => {
  const { look, none } = looking(page);
  const me = await busyPerson(stack, tag);
  await openManage(page, me);
  for (const tab of tabs) {
    await go(page, tab);
    await look(tab);
  }
  await go(page, "contacts");
  await page.getByText(words.blocked).click();
  await expect(page.getByText(`Pest ${tag}`)).toBeVisible();
  await look("contacts, with who is blocked");
  const menu = page.locator(".menu:popover-open");
  await page.getByRole("button", { name: words.add }).click();
  await expect(menu).toBeVisible();
  await look("contacts, with the menu");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: words.account }).click();
  await expect(menu).toBeVisible();
  await look("contacts, with the account's menu");
  await page.keyboard.press("Escape");

  await go(page, "search");
  await page.getByRole("searchbox").fill(tag);
  await page.getByRole("button", { name: words.find, exact: true }).click();
  await expect(page.getByRole("list", { name: words.results }).getByRole("listitem")).not.toHaveCount(0);
  await look("results");
  await go(page, "invite");
  await page.getByRole("button", { name: words.bulk }).click();
  await page.getByLabel(words.pasted).fill(`new@axe.example\nbad@\none-${tag}@axe.example`);
  await page.getByRole("button", { name: words.check }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await look("a report before anything is sent");
  await page.getByRole("button", { name: words.send }).click();
  await expect(page.getByRole("progressbar")).toHaveJSProperty("value", 1);
  await loaded(page);
  await look("a report");
  none();
};

/**
 * @param {Given} given
 * @param {Language} language
 */
const dialogs = async ({ stack, page, watch }, { words, tag }) => {
  watch.allow(answered(422));
  watch.allow(/^Failed to load resource: net::ERR_FAILED/);
  const { look, none } = looking(page);
  const me = await busyPerson(stack, `${tag}d`);
  await openManage(page, me);
  /**
   * @param {Page.ViewName} tab
   * @param {Tests.Name} name
   */
  const dialog = async (tab, name) => {
    await go(page, tab);
    await page.getByRole("main").getByRole("button", { name }).first().click();
    await expect(page.getByRole("dialog").getByRole("button").first()).toBeVisible();
    await expect(page.locator(".loading")).toHaveCount(0);
    await look(`dialog: ${tab}, ${name}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  };
  await dialog("contacts", words.remove);
  await dialog("requests", words.decline);
  await dialog("requests", words.cancel);
  await go(page, "search");
  await page.getByRole("searchbox").fill(`${tag}d`);
  await page.getByRole("button", { name: words.find, exact: true }).click();
  await dialog("search", words.ask);
  await go(page, "invite");
  await dialog("invite", words.preview);
  await dialog("connect", words.settings);
  await dialog("connect", words.replace);
  await dialog("connect", words.fresh);
  const errors = ["/name", "/max_uses", "/enabled"].map((pointer) => ({ pointer, code: "out_of_range" }));
  await page.route("**/share-links", (route) =>
    route.fulfill({ status: 422, json: { code: "invalid_input", errors } }),
  );
  await page.getByRole("button", { name: words.fresh }).click();
  await page.getByRole("dialog").locator("button.first").click();
  await expect(page.getByRole("dialog").getByRole("alert")).toHaveCount(3);
  await look("dialog: connect, with faults");
  await page.unroute("**/share-links");
  await page.keyboard.press("Escape");

  await go(page, "connect");
  await page.route("**/share-links/*", (route) => route.abort());
  await page.getByRole("button", { name: words.off }).first().click();
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toBeVisible();
  await look("connect, with a notice");

  await page.route("**/contacts?*", (route) => route.abort());
  await page.route("**/contacts", (route) => route.abort());
  await go(page, "contacts");
  await expect(page.getByRole("button", { name: words.again })).toBeVisible();
  await look("contacts, out of reach");
  none();
};

for (const [locale, words] of Object.entries(languages)) {
  test.describe(locale, () => {
    test.use({ locale });
    const tag = `Axe${locale.slice(0, 2)}`;

    test("the Manage Contacts page of somebody new", ({ stack, page, watch }) =>
      newcomer({ stack, page, watch }, { words, tag }));

    test("the tabs of the Manage Contacts page", ({ stack, page }) =>
      tabsOfSomebodyBusy({ stack, page }, { words, tag }));

    test("the dialogs of the Manage Contacts page", ({ stack, page, watch }) =>
      dialogs({ stack, page, watch }, { words, tag }));
  });
}
