// Putting several addresses into a field for one.

import { expect, test } from "../../fixtures.js";
import { checkAddresses, openManage, openTab } from "../../manage.js";

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

/**
 * @param {Tests.Page} page
 * @param {number} number
 */
const field = (page, number) => page.getByLabel(`Email address ${number}`, { exact: true });
/** @param {Tests.Page} page */
const pasted = (page) => page.getByLabel("Paste email addresses");
/** @param {Tests.Page} page */
const told = (page) => page.getByRole("status").filter({ hasText: "Several addresses were added" });

/**
 * Pastes as a person does, by the clipboard.
 *
 * @param {Tests.Page} page
 * @param {Tests.Locator} place
 * @param {string} text
 */
const paste = async (page, place, text) => {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await place.press("ControlOrMeta+v");
};

test("a01 p10: pasted lines go to the field for many, and none is lost", async ({ stack, visitor }) => {
  const page = await visitor(clipboard);
  const inviter = await stack.person({ name: "Pasting Pam" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await field(page, 1).fill("typed@paste.example");
  await paste(
    page,
    field(page, 1),
    "a1@paste.example\r\nb1@paste.example\nMika <c1@paste.example>, d1@paste.example\n",
  );
  await expect(pasted(page)).toBeFocused();
  await expect(pasted(page)).toHaveValue(
    "a1@paste.example\nb1@paste.example\nMika <c1@paste.example>, d1@paste.example",
  );
  await expect(field(page, 1)).toHaveValue("typed@paste.example");
  await expect(told(page)).toBeVisible();

  // What was pasted before stays above.
  await field(page, 1).fill("");
  await paste(page, field(page, 1), "e1@paste.example；f1@paste.example");
  await expect(pasted(page)).toBeFocused();
  await expect(pasted(page)).toHaveValue(/d1@paste\.example\ne1@paste\.example；f1@paste\.example$/);
  await expect(field(page, 1)).toHaveValue("");
  await checkAddresses(page);
  await page.getByRole("button", { name: "Send 6 invitations" }).click();
  await expect(page.getByText("All sent: 6 of 6")).toBeVisible();
  expect(await stack.mailOf("paste.example")).toEqual({ mails: 6, addresses: 6 });
});

test("a01 p10: one address is pasted into its field, with the line end behind it", async ({ stack, visitor }) => {
  const page = await visitor(clipboard);
  const inviter = await stack.person({ name: "Pasting Pat" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await paste(page, field(page, 1), "Mika Mori <mika@paste.example>\r\n");
  await expect(field(page, 1)).toHaveValue(/^Mika Mori <mika@paste\.example>\s*$/);
  await expect(pasted(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Send 1 invitation" }).click();
  await expect(page.getByText("All sent: 1 of 1")).toBeVisible();
});

test("a01 p10: dropped lines go there too", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Dropping Dot" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await field(page, 1).evaluate((input) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData("text/plain", "a2@paste.example\nb2@paste.example");
    input.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await expect(pasted(page)).toHaveValue("a2@paste.example\nb2@paste.example");
  await expect(told(page)).toBeVisible();
});
