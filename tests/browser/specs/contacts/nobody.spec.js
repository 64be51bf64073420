// A search that finds nobody, and where it leads.

import { answered, expect, test } from "../../fixtures.js";
import { openManage, openTab, rows, search } from "../../manage.js";

test("a12: an address that nobody has is invited with one press, beside what is in the form", async ({
  stack,
  page,
}) => {
  const me = await stack.person({ name: "Inviting Inga" });
  await openManage(page, me);
  await openTab(page, "invite");
  await page.getByLabel("Email address 1", { exact: true }).fill("earlier@nobody.example");
  await search(page, "newperson+tag@nobody.example");
  await page.getByRole("link", { name: "Invite newperson+tag@nobody.example" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Invite Users");
  await expect(page.getByLabel("Email address 1", { exact: true })).toHaveValue("earlier@nobody.example");
  const field = page.getByLabel("Email address 2", { exact: true });
  await expect(field).toHaveValue("newperson+tag@nobody.example");
  await expect(field).toBeFocused();
  await expect(page).toHaveURL(/#invite$/);
  await page.reload();
  await expect(page.getByLabel(/^Email address \d$/)).toHaveCount(2);
  await page.getByRole("button", { name: "Send 2 invitations" }).click();
  await expect(page.getByText("All sent: 2 of 2")).toBeVisible();
  expect(await stack.mailTo("newperson+tag@nobody.example")).toHaveLength(1);
});

test("a12: one's own address and ID are said to be one's own", async ({ stack, page }) => {
  const me = await stack.person({ name: "Seeking Selma", chatwork_id: "selma" });
  await openManage(page, me);
  for (const own of [me.email.toUpperCase(), "@selma"]) {
    await search(page, own);
    await expect(page.getByText("That's you")).toBeVisible();
    await expect(page.getByRole("link", { name: /^Invite .*@/ })).toHaveCount(0);
    await openTab(page, "contacts");
  }
});

test("a12: an ID is found with the sign before it", async ({ stack, page }) => {
  const me = await stack.person({ name: "Signing Signe" });
  await stack.person({ name: "Found Fiona", chatwork_id: "fiona-f" });
  await openManage(page, me);
  for (const sign of ["@", "\uff20"]) {
    await search(page, `${sign}fiona-f`);
    await expect(rows(page, "Results")).toHaveCount(1);
    await expect(rows(page, "Results")).toContainText("Found Fiona");
    await expect(page.getByRole("searchbox")).toHaveValue("fiona-f");
    await openTab(page, "contacts");
  }
});

test("a12: what is refused for what it is, is not to be tried again", async ({ stack, page, watch }) => {
  watch.allow(answered(422));
  watch.allow(answered(503));
  const me = await stack.person({ name: "Short Sheila" });
  await openManage(page, me);
  await search(page, "a");
  await expect(page.getByRole("alert").filter({ hasText: "at least two letters" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Try again/ })).toHaveCount(0);
  // What passes by itself is another thing.
  await page.route("**/users?*", (route) => route.fulfill({ status: 503, json: { code: "unavailable" } }));
  await page.getByRole("searchbox").fill("ab");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("button", { name: /^Try again/ })).toBeVisible();
});
