// Saying no, and ending what was.

import { answered, expect, test } from "../../fixtures.js";
import { openManage, openTab, rows, search } from "../../manage.js";

test("who is declined is not told", async ({ stack, page }) => {
  const asker = await stack.person({ name: "Eager Emil" });
  const busy = await stack.person({ name: "Busy Berta" });
  await stack.api(asker, "POST", "/contact-requests", { user_id: busy.userId, message: "Hello" });
  await openManage(page, busy);
  await openTab(page, "requests");
  const request = rows(page, "Received").filter({ hasText: "Eager Emil" });
  await request.getByRole("button", { name: /^Decline/ }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Not now/ })
    .click();
  await expect(request).toHaveCount(0);
  await expect(page.getByText("No pending requests", { exact: true })).toBeVisible();
  const { contact_requests } = await stack.api(asker, "GET", "/contact-requests?direction=outgoing");
  expect(contact_requests.map(({ user }) => user.name)).toEqual(["Busy Berta"]);
});

test("who is blocked finds nobody, and is found again once unblocked", async ({ stack, page, visitor }) => {
  const pest = await stack.person({ name: "Pushy Pete" });
  const calm = await stack.person({ name: "Calm Cora" });
  await stack.api(pest, "POST", "/contact-requests", { user_id: calm.userId });
  await openManage(page, calm);
  await openTab(page, "requests");
  await rows(page, "Received")
    .filter({ hasText: "Pushy Pete" })
    .getByRole("button", { name: /^Decline/ })
    .click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Block/ })
    .click();
  const sure = page.getByRole("dialog", { name: "Block Pushy Pete?" });
  await sure.getByRole("button", { name: "Block", exact: true }).click();
  await expect(rows(page, "Received")).toHaveCount(0);

  const other = await visitor();
  await openManage(other, pest);
  await search(other, "Calm Cora");
  await expect(other.getByText("No one found")).toBeVisible();

  await openTab(page, "contacts");
  await page.getByText("Blocked people").click();
  const blocked = rows(page, "Blocked people").filter({ hasText: "Pushy Pete" });
  await blocked.getByRole("button", { name: /^Unblock/ }).click();
  await expect(blocked).toHaveCount(0);
  await other.getByRole("button", { name: "Search", exact: true }).click();
  await expect(rows(other, "Results").filter({ hasText: "Calm Cora" })).toBeVisible();
});

test("a contact is removed for both once that is confirmed", async ({ stack, page }) => {
  const one = await stack.person({ name: "Parting Pia" });
  const other = await stack.person({ name: "Parted Paul" });
  await stack.api(one, "POST", "/contact-requests", { user_id: other.userId });
  await stack.api(other, "POST", "/contact-requests", { user_id: one.userId });
  await openManage(page, one);
  const contact = rows(page, "Contacts").filter({ hasText: "Parted Paul" });
  await contact.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await expect(contact).toBeVisible();
  await contact.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(contact).toHaveCount(0);
  expect((await stack.api(other, "GET", "/contacts")).contacts).toEqual([]);
});

test("colleagues are contacts from the start, and can be neither removed nor blocked", async ({ stack, page }) => {
  const one = await stack.person({ name: "Colleague Cleo", organization: "Same House" });
  await stack.person({ name: "Colleague Carl", organization: "Same House" });
  await openManage(page, one);
  const contact = rows(page, "Contacts").filter({ hasText: "Colleague Carl" });
  await expect(contact).toBeVisible();
  await expect(contact.getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText("2 users in Same House");
});

test("a request that is gone meanwhile leaves the list with the reason", async ({ stack, page, watch }) => {
  watch.allow(answered(409));
  const asker = await stack.person({ name: "Wavering Wim" });
  const asked = await stack.person({ name: "Slow Sara" });
  const { request } = await stack.api(asker, "POST", "/contact-requests", { user_id: asked.userId });
  await openManage(page, asked);
  await openTab(page, "requests");
  const row = rows(page, "Received").filter({ hasText: "Wavering Wim" });
  await expect(row).toBeVisible();
  await stack.api(asker, "DELETE", `/contact-requests/${request?.request_id}`);
  await row.getByRole("button", { name: /^Accept/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "already been answered" })).toBeVisible();
  await expect(row).toHaveCount(0);
});

test("a request is answered from the search too", async ({ stack, page }) => {
  const asker = await stack.person({ name: "Crossing Chris" });
  const asked = await stack.person({ name: "Crossing Clara" });
  await stack.api(asker, "POST", "/contact-requests", { user_id: asked.userId });
  await openManage(page, asked);
  await search(page, "Crossing Chris");
  const found = rows(page, "Results").filter({ hasText: "Crossing Chris" });
  await expect(found).toContainText("Wants to connect");
  await found.getByRole("button", { name: /^Accept/ }).click();
  await expect(found.getByText("Contact", { exact: true })).toBeVisible();
  await expect(found.getByRole("button")).toHaveCount(0);
});

test("asking somebody who has asked meanwhile connects", async ({ stack, page }) => {
  const one = await stack.person({ name: "Mutual Mia" });
  const other = await stack.person({ name: "Mutual Max" });
  await openManage(page, one);
  await search(page, "Mutual Max");
  await expect(rows(page, "Results")).toHaveCount(1);
  await stack.api(other, "POST", "/contact-requests", { user_id: one.userId });
  await rows(page, "Results").getByRole("button", { name: /^Add/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Send request" }).click();
  await expect(rows(page, "Results").getByText("Contact", { exact: true })).toBeVisible();
  expect((await stack.api(other, "GET", "/contacts")).contacts).toHaveLength(1);
});
