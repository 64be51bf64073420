// Two people find each other on the Manage Contacts page and become contacts.

import { expect, test } from "../../fixtures.js";
import { ask, openManage, openTab, rows, search } from "../../manage.js";

test("sign in, find 田中, send a request; the other accepts, and both see the contact", async ({ stack, visitor }) => {
  const ken = await stack.person({ name: "佐藤 健", reading: "サトウ ケン" });
  const tanaka = await stack.person({ name: "田中 結衣", reading: "タナカ ユイ", organization: "青葉製作所" });
  const [his, hers] = [await visitor({ locale: "ja-JP" }), await visitor({ locale: "ja-JP" })];

  await openManage(his, ken);
  await openTab(his, "search", "ja");
  await his.getByRole("searchbox").fill("田中");
  await his.getByRole("button", { name: "検索", exact: true }).click();
  const found = rows(his, "検索結果").filter({ hasText: "田中 結衣" });
  await expect(found).toContainText("青葉製作所");
  await found.getByRole("button", { name: /コンタクトに追加/ }).click();
  await his.getByRole("dialog").getByRole("textbox").fill("展示会でお会いした佐藤です。");
  await his.getByRole("dialog").getByRole("button", { name: "申請を送る" }).click();
  await expect(found).toContainText("申請中");
  await expect(found.getByRole("button", { name: /取り消す/ })).toBeVisible();

  await openManage(hers, tanaka);
  await expect(hers.getByRole("navigation").getByRole("link", { name: /^コンタクト申請/ })).toContainText("1");
  await openTab(hers, "requests", "ja");
  const waiting = rows(hers, "届いた申請").filter({ hasText: "佐藤 健" });
  await expect(waiting).toContainText("展示会でお会いした佐藤です。");
  await waiting.getByRole("button", { name: /承認/ }).click();
  await expect(waiting).toHaveCount(0);
  await expect(hers.getByRole("navigation").getByRole("link", { name: /^コンタクト申請/ })).not.toContainText("1");

  for (const { page, name } of [
    { page: hers, name: "佐藤 健" },
    { page: his, name: "田中 結衣" },
  ]) {
    await openTab(page, "contacts", "ja");
    await expect(rows(page, "コンタクト")).toHaveCount(1);
    await expect(rows(page, "コンタクト")).toContainText(name);
  }
});

test("kana, Latin letters, a Chatwork ID and a whole address find somebody, half a one does not", async ({
  stack,
  page,
}) => {
  const seeker = await stack.person({ name: "Seeking Sue" });
  const sought = await stack.person({
    name: "渡辺 優子",
    reading: "ワタナベ ユウコ",
    chatwork_id: "yuko-w",
    email: "yuko.watanabe@sought.example",
  });
  await openManage(page, seeker);
  for (const text of ["わたなべ", "ﾜﾀﾅﾍﾞ", "watanabe yuko", "YUKO-W", sought.email]) {
    await search(page, text);
    await expect(rows(page, "Results").filter({ hasText: "渡辺 優子" }), text).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText(sought.email);
  }
  await search(page, "watanabe@sought.example");
  await expect(page.getByText("No one found")).toBeVisible();
});

test("more results come on demand", async ({ stack, page }) => {
  const seeker = await stack.person({ name: "Many Mona" });
  for (let number = 10; number < 35; number += 1) await stack.person({ name: `Plenty Person${number}` });
  await openManage(page, seeker);
  await search(page, "plenty");
  await expect(rows(page, "Results")).toHaveCount(20);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows(page, "Results")).toHaveCount(25);
  await expect(page.getByRole("button", { name: "Show more" })).toHaveCount(0);
  // Reading goes on where it was.
  await expect(rows(page, "Results").nth(20)).toBeFocused();
  await expect(rows(page, "Results").nth(20)).toBeInViewport();
});

test("empty pages are passed over, to the next people or to the end", async ({ stack, page }) => {
  const me = await stack.person({ name: "Sparse Sara" });
  await openManage(page, me);
  /** @type {(string | null)[]} */
  const cursors = [];
  /** @param {unknown} last */
  const pages = (last) => async (/** @type {Tests.Route} */ route) => {
    const cursor = new URL(route.request().url()).searchParams.get("cursor");
    cursors.push(cursor);
    const number = Number(cursor ?? 0);
    await route.fulfill({ json: number < 3 ? { contacts: [], next_cursor: `${number + 1}` } : last });
  };
  const found = { user_id: "1", name: "Rare Rita", kind: "internal", organization_name: null };
  await page.route("**/contacts?*", pages({ contacts: [found], next_cursor: null }));
  await page.getByRole("searchbox").fill("rare");
  await expect(rows(page, "Contacts")).toHaveCount(1);
  expect(cursors).toEqual([null, "1", "2", "3"]);
  await page.unroute("**/contacts?*");
  await page.route("**/contacts?*", pages({ contacts: [], next_cursor: null }));
  await page.getByRole("searchbox").fill("nobody");
  await expect(page.getByText("No contacts found")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Show more/ })).toHaveCount(0);
});

test("a search is in the address: a reload, the way back and the menu know it", async ({ stack, page }) => {
  const seeker = await stack.person({ name: "Seeking Sven" });
  for (const name of ["Address Ada", "Anchor Ann"]) await stack.person({ name });
  await openManage(page, seeker);
  await search(page, "address ada");
  await expect(rows(page, "Results")).toContainText("Address Ada");
  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue("address ada");
  await expect(rows(page, "Results")).toContainText("Address Ada");
  await page.getByRole("searchbox").fill("anchor");
  await page.keyboard.press("Enter");
  await expect(rows(page, "Results")).toContainText("Anchor Ann");
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue("address ada");
  await expect(rows(page, "Results")).toContainText("Address Ada");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("link", { name: "Add Contact" }).click();
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("a request is cancelled once that is confirmed, and can be sent again", async ({ stack, page }) => {
  const asker = await stack.person({ name: "Fickle Finn" });
  const asked = await stack.person({ name: "Patient Paula" });
  await openManage(page, asker);
  await ask(page, "Patient Paula");
  await openTab(page, "requests");
  const sent = rows(page, "Sent").filter({ hasText: "Patient Paula" });
  await sent.getByRole("button", { name: /^Cancel/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Back" }).click();
  await expect(sent).toBeVisible();
  await sent.getByRole("button", { name: /^Cancel/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel request" }).click();
  await expect(sent).toHaveCount(0);
  const waiting = async () => (await stack.api(asked, "GET", "/contact-requests?direction=incoming")).contact_requests;
  expect(await waiting()).toEqual([]);
  await ask(page, "Patient Paula", "After all");
  expect((await waiting()).map(({ message }) => message)).toEqual(["After all"]);
});
