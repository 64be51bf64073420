// Inviting without a check before it: the addresses in the fields.

import { expect, holdBack, test } from "../../fixtures.js";
import { openManage, openTab, rows } from "../../manage.js";

/**
 * @param {Tests.Page} page
 * @param {number} number
 */
const field = (page, number) => page.getByLabel(`Email address ${number}`, { exact: true });
/** @param {Tests.Page} page */
const add = (page) => page.getByRole("button", { name: "Add Invitee Email Address" }).click();

test("A13 one invitation is sent by one press", async ({ stack, visitor }) => {
  const page = await visitor({ permissions: ["clipboard-read", "clipboard-write"] });
  const inviter = await stack.person({ name: "Single Sue" });
  await openManage(page, inviter, "/#invite");
  await page.evaluate(() => navigator.clipboard.writeText("guest@one.example"));
  await field(page, 1).click();
  await page.keyboard.press("ControlOrMeta+v");
  await page.keyboard.press("Enter");
  await expect(page.getByText("All sent: 1 of 1")).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
  await expect(field(page, 1)).toHaveValue("");
  await expect(rows(page, "Sent invitations")).toHaveCount(1);
  expect(await stack.mailTo("guest@one.example")).toHaveLength(1);

  // Nothing to send is said, not a button that cannot be pressed.
  await page.getByRole("button", { name: "Send 1 invitation" }).click();
  await expect(field(page, 1)).toBeFocused();
  await expect(field(page, 1)).toHaveAccessibleDescription("Enter at least one email address.");
});

test("A13 a fault is said as its field is left, and the button counts the others", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Leaving Lou" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await field(page, 1).fill("wrong@");
  await page.keyboard.press("Tab");
  await expect(field(page, 1)).toHaveAccessibleDescription(/Invalid/);
  await add(page);
  await field(page, 2).fill("right@one.example");
  await expect(page.getByRole("button", { name: "Send 1 invitation" })).toBeVisible();
  await field(page, 1).fill("fixed@one.example");
  await expect(field(page, 1)).not.toHaveAccessibleDescription(/./);
  await expect(page.getByRole("button", { name: "Send 2 invitations" })).toBeVisible();
  expect(await stack.mailOf("one.example")).toEqual({ mails: 0, addresses: 0 });
});

test("A13 what could not be sent stays in its field, with the reason", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Keeping Kit" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  // The check of the field is late: sending finds the same.
  const answer = await holdBack(page, "**/invitations", "POST");
  await field(page, 1).fill("wrong@");
  await add(page);
  await field(page, 2).fill("sent@one.example");
  const send = page.getByRole("button", { name: "Send 2 invitations" });
  await send.click();
  answer();
  await expect(page.getByText("All sent: 1 of 1")).toBeVisible();
  await expect(field(page, 2)).toHaveCount(0);
  await expect(field(page, 1)).toHaveValue("wrong@");
  await expect(field(page, 1)).toHaveAccessibleDescription(/Invalid/);
  await page.getByRole("button", { name: "Fix and retry 1 line" }).click();
  await expect(field(page, 1)).toBeFocused();
  // With nothing sent there are no results, only the fault.
  await field(page, 1).press("Enter");
  await expect(page.getByText("All sent: 1 of 1")).toHaveCount(0);
  await expect(field(page, 1)).toBeFocused();
});

test("A10 the field of the message says what becomes of links in it", async ({ stack, page }) => {
  await openManage(page, await stack.person({ name: "Linking Lee" }), "/#invite");
  const message = page.getByLabel("Message in the email");
  await expect(message).toHaveAccessibleDescription(/^URLs are shown as text, without a link\./);
});
