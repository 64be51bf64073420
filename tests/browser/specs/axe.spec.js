// No view has a fault that axe-core knows: in Japanese and English, light and dark, at 1280 and 320 pixels, where
// nothing may have to be scrolled sideways either.

import { faultsOf } from "../axe.js";
import { answered, expect, test } from "../fixtures.js";
import { openManage } from "../manage.js";
import { chooseToBe, signIn } from "../signing-in.js";

// One visit has many views, each looked at four times.
test.describe.configure({ timeout: 240_000 });
test.use({ reducedMotion: "reduce" });

const pack = (page) => {
  const faults = [];
  return {
    look: async (view, options) => faults.push(...(await faultsOf(page, view, options))),
    none: () => expect(faults).toEqual([]),
  };
};

const contacts = async (stack, one, other) => {
  await stack.api(one, "POST", "/contact-requests", { user_id: other.userId });
  await stack.api(other, "POST", "/contact-requests", { user_id: one.userId });
};

// Somebody with something on every tab. All whom a search for the tag finds stand in another relation.
const busyPerson = async (stack, tag) => {
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

const tabs = ["contacts", "requests", "search", "invite", "connect", "settings"];

// A tab by its address, once what it shows has come.
const go = async (page, tab) => {
  // A view that is open stays as it is.
  await page.evaluate((name) => location.hash.startsWith(`#${name}`) || (location.hash = name), tab);
  await expect(page.locator(".loading")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
};

for (const [locale, words] of Object.entries({
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
    pasted: "Addresses as text",
    check: "Check addresses",
    send: /^Send \d/,
    preview: "Preview the mail",
    settings: "Link settings",
    replace: "Replace link",
    off: "Switch off",
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
})) {
  test.describe(locale, () => {
    test.use({ locale });
    const tag = `Axe${locale.slice(0, 2)}`;

    test("the Manage Contacts page of somebody new", async ({ stack, page, watch }) => {
      watch.allow(answered(403));
      const { look, none } = pack(page);
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
    });

    test("the tabs of the Manage Contacts page", async ({ stack, page }) => {
      const { look, none } = pack(page);
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
      await page.getByRole("button", { name: words.add }).click();
      await look("contacts, with the menu");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: words.account }).click();
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
      await expect(page.getByRole("progressbar")).toBeVisible();
      await look("a report");
      none();
    });

    test("the dialogs of the Manage Contacts page", async ({ stack, page, watch }) => {
      watch.allow(answered(422));
      watch.allow(/^Failed to load resource: net::ERR_FAILED/);
      const { look, none } = pack(page);
      const me = await busyPerson(stack, `${tag}d`);
      await openManage(page, me);
      const dialog = async (tab, name) => {
        await go(page, tab);
        await page.getByRole("main").getByRole("button", { name }).first().click();
        await expect(page.getByRole("dialog").getByRole("button").first()).toBeVisible();
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
    });

    test("the pages behind links", async ({ stack, page, watch }) => {
      watch.allow(answered(404));
      watch.allow(answered(410));
      const { look, none } = pack(page);
      // The clock first: a sign-in lasts an hour of it.
      const hasty = await stack.person({ name: `Hasty ${tag}` });
      const short = await stack.api(hasty, "POST", "/share-links", { name: "short", expires_in_days: 1 });
      await stack.clock(2 * 24 * 3600);
      const owner = await stack.person({ name: `リンク 太郎 ${tag}` });
      const guest = await stack.person({ name: `Guest ${tag}` });
      const make = (settings) => stack.api(owner, "POST", "/share-links", settings);
      const { url } = await make({ name: "good" });
      const off = await make({ name: "off", enabled: false });
      const full = await make({ name: "full", max_uses: 1 });
      await stack.api(guest, "POST", `/invite-links/${full.url.split("/i/")[1]}/redemptions`);
      const unknown = `/i/${"A".repeat(43)}`;
      for (const [view, address] of Object.entries({
        revoked: off.url,
        used_up: full.url,
        expired: short.url,
        unknown,
      })) {
        await page.goto(address);
        await expect(page.locator(`[data-view=${view}]`)).toBeVisible();
        await look(`link: ${view}`);
      }
      await page.goto(url);
      await look("link: nobody signed in");
      await signIn(page, owner);
      await expect(page.locator("[data-view=own_link]")).toBeVisible();
      await look("link: own_link");

      // The other cases as the API may answer.
      const cases = [
        "redeemable",
        "awaiting_you",
        "request_pending",
        "already_contact",
        "at_limit",
        "used_up",
        "expired",
        "revoked",
        "unknown",
      ];
      const outcomes = ["request_sent", "connected", "already_pending"];
      const answer = {};
      await page.route("**/invite-links/**", (route) => route.fulfill({ json: answer }));
      for (const view of cases) {
        answer.view = view;
        await page.goto(url);
        await expect(page.locator(`[data-view=${view}]`)).toBeVisible();
        await look(`link: ${view}`);
      }
      answer.view = "redeemable";
      for (const outcome of outcomes) {
        answer.outcome = outcome;
        await page.goto(url);
        await page.locator("button.first").click();
        await expect(page.locator(`[data-view=${outcome}]`)).toBeVisible();
        await look(`link: ${outcome}`);
      }
      none();
    });

    test("unsubscribing, signing in, and the mailbox", async ({ stack, page, watch }) => {
      watch.allow(/^Blocked script execution in '[^']+\/frame/);
      const { look, none } = pack(page);
      const inviter = await stack.person({ name: `Mail ${tag}`, organization: "Axe & Co" });
      const address = `reader-${tag.toLowerCase()}@axe.example`;
      const language = locale.slice(0, 2);
      await stack.api(inviter, "POST", "/invitations", {
        emails: [address],
        message: "こんにちは。\nHello.",
        locale: language,
      });
      const [mail] = await stack.mailTo(address);
      await page.goto(/\S+\/u\/[\w-]+/.exec(mail.text)[0]);
      await look("unsubscribe");
      await page.getByRole("main").getByRole("button").first().click();
      await expect(page.getByRole("status")).toBeVisible();
      await look("unsubscribed");
      await page.goto("/assets/signed-in.html?code=made-up&state=made-up");
      await expect(page.getByRole("alert")).toBeVisible();
      await look("a sign-in that came to nothing");

      await page.goto("/_local/mailbox");
      await look("mailbox");
      await page.goto(`/_local/mailbox?to=${address}`);
      await page.getByRole("listitem").getByRole("link").click();
      for (const view of await page.getByRole("navigation", { name: "View" }).getByRole("link").all()) {
        await view.click();
        await look(`mailbox: ${await view.textContent()}`);
      }
      await page.goto("/_local/mailbox?to=nobody@axe.example");
      await look("mailbox, empty");

      await page.goto("/");
      await page.getByRole("main").getByRole("button").first().click();
      await expect(page.getByRole("searchbox")).toBeVisible();
      await look("the local sign-in");
      await chooseToBe(page, inviter);
      await expect(page.getByRole("navigation").first()).toBeVisible();
      // The mail itself, as its reader's program shows it.
      await page.goto("about:blank");
      await page.setContent(mail.html);
      await look("a mail", { isMail: true });
      none();
    });
  });
}
