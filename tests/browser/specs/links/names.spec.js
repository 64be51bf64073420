// Names are as long as a reader counts them, and nothing of one is cut off.

import { expect, test } from "../../fixtures.js";
import { openManage, openTab, rows } from "../../manage.js";

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

/** @param {Tests.Page} page */
const dialog = (page) => page.getByRole("dialog");

/**
 * Pastes as a person does, in place of what is there.
 *
 * @param {Tests.Page} page
 * @param {Tests.Locator} field
 * @param {string} text
 */
const paste = async (page, field, text) => {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await field.press("ControlOrMeta+a");
  await field.press("ControlOrMeta+v");
};

test("b04: a link's name is counted in characters, pasted whole, and refused at its field", async ({
  stack,
  visitor,
}) => {
  const page = await visitor(clipboard);
  const owner = await stack.person({ name: "Counting Cora" });
  await openManage(page, owner);
  await openTab(page, "connect");
  const names = ["😀".repeat(33), "😀".repeat(40), `${"x".repeat(63)}👍`];
  for (const name of names) {
    await page.getByRole("button", { name: "New link" }).click();
    await paste(page, dialog(page).getByLabel("Name"), name);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await expect(rows(page, "Invite and connect").filter({ hasText: name })).toHaveCount(1);
  }
  const { share_links } = await stack.api(owner, "GET", "/share-links");
  expect(share_links.map(({ name }) => name).filter(Boolean)).toEqual(names);

  await page.getByRole("button", { name: "New link" }).click();
  const field = dialog(page).getByLabel("Name");
  await paste(page, field, "y".repeat(66));
  await expect(field).toHaveValue("y".repeat(66));
  await expect(field).toHaveAccessibleDescription(/66 of 64 characters.*2 characters over the limit/);
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await field.press("Backspace");
  await field.press("Backspace");
  await expect(field).toHaveAttribute("aria-invalid", "false");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expect(rows(page, "Invite and connect").filter({ hasText: "y".repeat(64) })).toHaveCount(1);
});

test("b04: one's own name is counted the same way", async ({ stack, visitor }) => {
  const page = await visitor(clipboard);
  const me = await stack.person({ name: "Naming Nadia" });
  await openManage(page, me, "/#settings");
  const name = page.getByLabel("Name", { exact: true });
  await paste(page, name, "é".normalize("NFD").repeat(65));
  await expect(name).toHaveAccessibleDescription(/65 of 64 characters.*1 character over the limit/);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(name).toBeFocused();
  expect((await stack.api(me, "GET", "/me")).name).toBe("Naming Nadia");
  await paste(page, name, "👩🏽".repeat(32));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  expect((await stack.api(me, "GET", "/me")).name).toBe("👩🏽".repeat(32));
});
