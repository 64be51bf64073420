// Fixing what is wrong with a pasted text.

import { expect, test } from "../../fixtures.js";
import { checkAddresses, openBulk, openManage, openTab } from "../../manage.js";

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

/** @param {Tests.Page} page */
const pasted = (page) => page.getByLabel("Paste email addresses");
/**
 * @param {Tests.Page} page
 * @param {string} text
 */
const line = (page, text) =>
  page.getByRole("region", { name: "Results by line" }).getByRole("row").filter({ hasText: text });
/** @param {HTMLTextAreaElement} area */
const selected = ({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd);

/**
 * Presses keys, and counts them.
 *
 * @param {Tests.Page} page
 */
const counting = (page) => {
  let keys = 0;
  /** @param {string} key */
  const press = async (key) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  /** @param {string} text */
  const paste = async (text) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await press("ControlOrMeta+v");
  };
  return { press, paste, keys: () => keys };
};

test("A2 the report stays while the text is edited, and tells what is fixed", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Seeing Sue" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await (await openBulk(page)).fill("good@fix.example\nfirst@\nsecond@");
  await expect(page.locator(".numbers")).toHaveText(/^1\s+2\s+3\s+$/);
  await checkAddresses(page);
  await page.getByRole("button", { name: "Fix and retry 2 lines" }).click();
  expect(await pasted(page).evaluate(selected)).toBe("first@");
  await expect(page.getByRole("status").filter({ hasText: /^\s*Line 2: Invalid/ })).toBeVisible();
  // What was wrong is the beginning of what is right.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("fix.example");
  await expect(page.getByRole("heading", { name: "Check results (before your changes)" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Send \d/ })).toHaveCount(0);
  await expect(line(page, "first@").locator("del")).toHaveText("first@");
  await expect(line(page, "second@").locator("del")).toHaveCount(0);
  await expect(line(page, "second@")).toContainText("Invalid");
  await page.getByRole("button", { name: "Next line to fix (1 left)" }).click();
  expect(await pasted(page).evaluate(selected)).toBe("second@");
  await page.keyboard.press("Delete");
  await expect(page.getByRole("button", { name: /^Next line to fix/ })).toHaveCount(0);
  await checkAddresses(page);
  await page.getByRole("button", { name: "Send 2 invitations" }).click();
  await expect(page.getByText("All sent: 2 of 2")).toBeVisible();
});

test("A2 what was not sent keeps its reasons, after sending and after a reload", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Reason Ray" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await (await openBulk(page)).fill("good@fix.example\nfirst@\nfine@fix.example\nsecond@");
  await checkAddresses(page);
  await page.getByRole("button", { name: "Send 2 invitations" }).click();
  await expect(page.getByText("All sent: 2 of 2")).toBeVisible();
  await page.getByRole("button", { name: "Fix and retry 2 lines" }).click();
  const areLeft = async () => {
    await expect(pasted(page)).toHaveValue("first@\nsecond@");
    await expect(page.getByRole("heading", { name: "Lines to fix" })).toBeVisible();
    await expect(line(page, "second@").getByRole("cell").first()).toHaveText("2");
    await expect(line(page, "second@")).toContainText("Invalid");
  };
  await areLeft();
  expect(await pasted(page).evaluate(selected)).toBe("first@");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Invite Users" }).waitFor();
  await areLeft();
  await pasted(page).fill("");
  await expect(page.getByRole("heading", { name: /Lines to fix|Check results/ })).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain("second@");
});

test("A2 five wrong lines of fifty take at most thirty keys", async ({ stack, visitor }) => {
  const page = await visitor(clipboard);
  const inviter = await stack.person({ name: "Fifty Fay" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  const wrong = [4, 13, 22, 37, 49];
  const lines = Array.from(
    { length: 50 },
    (_, number) => `guest${number}@${wrong.includes(number) ? "" : "fix.example"}`,
  );
  await openBulk(page);
  const { press, paste, keys } = counting(page);
  const results = page.getByRole("heading", { name: /^Check results/ });
  await paste(lines.join("\n"));
  await press("ControlOrMeta+Enter");
  await expect(results).toBeFocused();
  await press("Tab");
  await press("Tab");
  await expect(page.getByRole("button", { name: "Fix and retry 5 lines" })).toBeFocused();
  for (const number of wrong) {
    if (number !== wrong[0]) await press("Tab");
    await press("Enter");
    await expect(pasted(page)).toBeFocused();
    expect(await pasted(page).evaluate(selected)).toBe(`guest${number}@`);
    await paste(`guest${number}@fix.example`);
  }
  await press("ControlOrMeta+Enter");
  await expect(results).toBeFocused();
  await press("Tab");
  await press("Enter");
  await expect(page.getByText("All sent: 50 of 50")).toBeVisible();
  expect(keys()).toBeLessThanOrEqual(30);
});
