// Many contacts: all of them by scrolling, and one of them by a filter.

import { answered, expect, test } from "../../fixtures.js";
import { openManage, openTab, rows } from "../../manage.js";

const filter = (/** @type {Tests.Page} */ page) => page.getByRole("searchbox");

/**
 * Answers for the list of contacts with as many as are wanted, a hundred at a time.
 *
 * @param {Tests.Page} page
 * @param {number} many
 */
const withContacts = (page, many) =>
  page.route(/\/contacts\?/, async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0);
    const contacts = Array.from({ length: Math.min(100, many - from) }, (_, at) => ({
      user_id: `${from + at}`,
      name: `Contact ${from + at}`,
      kind: "external",
      email: `contact${from + at}@people.example`,
    }));
    await route.fulfill({ json: { contacts, next_cursor: from + 100 < many ? `${from + 100}` : null } });
  });

test("A14 a long list goes on by itself at its end, and by its button after a failure", async ({
  stack,
  page,
  watch,
}) => {
  watch.allow(answered(500));
  const me = await stack.person({ name: "Many Max" });
  await withContacts(page, 250);
  await openManage(page, me);
  const list = rows(page, "Contacts");
  await expect(list).toHaveCount(100);
  await page.route(/\/contacts\?.*cursor=100/, (route) => route.fulfill({ status: 500, json: { code: "internal" } }));
  await list.last().scrollIntoViewIfNeeded();
  await expect(page.getByRole("alert")).not.toHaveText("");
  await expect(list).toHaveCount(100);
  await page.unroute(/\/contacts\?.*cursor=100/);
  await page.getByRole("button", { name: /^Show more/ }).click();
  await expect(list).toHaveCount(200);
  await list.last().scrollIntoViewIfNeeded();
  await expect(list).toHaveCount(250);
  await expect(page.getByRole("button", { name: /^Show more/ })).toHaveCount(0);
});

test("A14 the filter finds by organisation, ID and address, and the way back keeps it", async ({ stack, page }) => {
  const me = await stack.person({ name: "Filtering Finn", organization: "Elsewhere" });
  const [yui, ken] = [
    await stack.person({ name: "田中 結衣", organization: "株式会社青葉製作所", chatwork_id: "demo-yui" }),
    await stack.person({ name: "佐藤 健", email: "ken.sato@found.example" }),
  ];
  for (const other of [yui, ken]) {
    await stack.api(me, "POST", "/contact-requests", { user_id: other.userId });
    await stack.api(other, "POST", "/contact-requests", { user_id: me.userId });
  }
  await openManage(page, me);
  await expect(rows(page, "Contacts")).toHaveCount(2);
  for (const [text, name] of [
    ["青葉", "田中 結衣"],
    ["demo-yui", "田中 結衣"],
    ["ken.sato@found.example", "佐藤 健"],
  ]) {
    await filter(page).fill(text);
    await expect(rows(page, "Contacts"), text).toHaveText([new RegExp(name)]);
  }
  await expect(page).toHaveURL(/#contacts\?q=ken/);
  await openTab(page, "requests");
  await page.goBack();
  await expect(filter(page)).toHaveValue("ken.sato@found.example");
  await expect(rows(page, "Contacts")).toHaveText([/佐藤 健/]);
  await openTab(page, "contacts");
  await expect(filter(page)).toHaveValue("");
  await expect(rows(page, "Contacts")).toHaveCount(2);
});

test("A14 nothing is asked for while an input method composes", async ({ stack, page }) => {
  const me = await stack.person({ name: "Composing Cora" });
  await page.clock.install();
  await openManage(page, me);
  await expect(page.getByText("No contacts yet")).toBeVisible();
  /** @type {(string | null)[]} */
  const asked = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/contacts") asked.push(searchParams.get("q"));
  });
  await filter(page).focus();
  const devtools = await page.context().newCDPSession(page);
  for (const text of ["ｔ", "た", "たｎ", "たな", "たなか"]) {
    await devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await page.clock.runFor(1_000);
  }
  await devtools.send("Input.insertText", { text: "田中" });
  await expect(filter(page)).toHaveValue("田中");
  await page.clock.runFor(1_000);
  await expect(page.getByText("No contacts found")).toBeVisible();
  expect(asked).toEqual(["田中"]);
});

test("A14 the same search is not sent twice at once", async ({ stack, page }) => {
  const me = await stack.person({ name: "Double Dora" });
  await openManage(page, me, "/#search?q=nobody-else");
  await expect(page.getByText("No one found")).toBeVisible();
  let asked = 0;
  let letGo = () => {};
  /** @type {Promise<void>} */
  const held = new Promise((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/users\?/, async (route) => {
    asked += 1;
    await held;
    await route.fallback();
  });
  await filter(page).press("Enter");
  await expect.poll(() => asked).toBe(1);
  await filter(page).press("Enter");
  letGo();
  await expect(page.getByText("No one found")).toBeVisible();
  expect(asked).toBe(1);
});
