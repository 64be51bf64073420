// Inviting by e-mail on the Manage Contacts page.

import { answered, expect, holdBack, linkIn, test } from "../../fixtures.js";
import { checkAddresses, openBulk, openManage, openTab, rows } from "../../manage.js";

/**
 * @param {Tests.Page} page
 * @param {string} text
 */
const paste = async (page, text) => (await openBulk(page)).fill(text);
/**
 * @param {Tests.Page} page
 * @param {string} text
 */
const line = (page, text) =>
  page.getByRole("region", { name: "Results by line" }).getByRole("row").filter({ hasText: text });

test("a pasted block with mistakes is checked, sent, fixed and sent again", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Bulk Bea" });
  const friend = await stack.person({ name: "Bulk Friend" });
  await stack.api(inviter, "POST", "/contact-requests", { user_id: friend.userId });
  await stack.api(friend, "POST", "/contact-requests", { user_id: inviter.userId });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await paste(
    page,
    `Mika <mika@bulk.example>\r\nｔａｒｏ＠bulk.example; mika@bulk.example\n\nnobody@\n${friend.email}, ${inviter.email}`,
  );
  await page.getByLabel(/^Message/).fill("Join me here.");

  await checkAddresses(page);
  await expect(page.getByText("Nothing has been sent yet.")).toBeVisible();
  await expect(line(page, "Mika <mika@bulk.example>")).toContainText("To be sent");
  await expect(line(page, "taro@bulk.example")).toContainText("To be sent");
  await expect(line(page, "Duplicate")).toContainText("same as line 1");
  await expect(line(page, "nobody@")).toContainText("Invalid");
  await expect(line(page, friend.email)).toContainText("Already a contact");
  await expect(line(page, inviter.email)).toContainText("Your own address");
  expect(await stack.mailTo("mika@bulk.example")).toEqual([]);

  await page.getByRole("button", { name: "Send 2 invitations" }).click();
  await expect(page.getByText("All sent: 2 of 2")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Results" })).toBeVisible();
  await expect(line(page, "taro@bulk.example")).toContainText("Sent");
  await expect(page.getByText("To be sent")).toHaveCount(0);
  await expect(rows(page, "Sent invitations")).toHaveCount(2);
  const [mail] = await stack.mailTo("taro@bulk.example");
  expect(mail.text).toContain("Join me here.");

  await page.getByRole("button", { name: "Fix and retry 1 line" }).click();
  await expect(page.getByLabel("Paste email addresses")).toHaveValue("nobody@");
  await page.getByLabel("Paste email addresses").fill("nobody@bulk.example");
  await checkAddresses(page);
  await page.getByRole("button", { name: "Send 1 invitation" }).click();
  await expect(page.getByText("All sent: 1 of 1")).toBeVisible();
  await expect(rows(page, "Sent invitations").filter({ hasText: "nobody@bulk.example" })).toContainText("Sent");
  expect(await stack.mailTo("nobody@bulk.example")).toHaveLength(1);
  expect(await stack.mailTo("mika@bulk.example")).toHaveLength(1);
});

test("address fields say at each what is wrong with it", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Field Fay" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await page.getByLabel("Email address 1", { exact: true }).fill("good@field.example");
  await page.getByRole("button", { name: "Add Invitee Email Address" }).click();
  await expect(page.getByLabel("Email address 2", { exact: true })).toBeFocused();
  await page.getByLabel("Email address 2", { exact: true }).fill("bad@");
  await page.getByLabel("Email language").focus();
  await expect(page.getByLabel("Email address 2", { exact: true })).toHaveAccessibleDescription(/Invalid/);
  await expect(page.getByLabel("Email address 1", { exact: true })).not.toHaveAccessibleDescription(/./);
  await page.getByRole("button", { name: "Remove email address 2" }).click();
  await expect(page.getByLabel("Email address 2", { exact: true })).toHaveCount(0);
});

test("the preview shows the mail as it will be", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Preview Petra", organization: "Petra & Co" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await page.getByLabel(/^Message/).fill("See you on Monday.");
  await page.getByLabel("Email language").selectOption({ label: "English" });
  await page.getByRole("button", { name: "Preview email" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Preview Petra");
  await expect(dialog).toContainText("See you on Monday.");
  await expect(dialog).toContainText("Petra & Co");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Preview email" })).toBeFocused();
});

test("an invitation is revoked once that is confirmed, and its link is dead", async ({
  stack,
  page,
  visitor,
  watch,
}) => {
  watch.allow(answered(410));
  const inviter = await stack.person({ name: "Revoking Rita" });
  await stack.api(inviter, "POST", "/invitations", { emails: ["revoked@mail.example"] });
  const [mail] = await stack.mailTo("revoked@mail.example");
  await openManage(page, inviter);
  await openTab(page, "invite");
  const invitation = rows(page, "Sent invitations").filter({ hasText: "revoked@mail.example" });
  await invitation.getByRole("button", { name: /^Revoke/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(invitation).toContainText("Revoked");
  await expect(invitation.getByRole("button")).toHaveCount(0);
  const invitee = await visitor();
  await invitee.goto(linkIn(mail, "i"));
  await expect(invitee.getByRole("heading", { level: 1 })).toHaveText("This link no longer works");
});

test("an invitation is mailed again, but not twice a day", async ({ stack, page }) => {
  const hour = 3_600;
  const inviter = await stack.person({ name: "Again Agda" });
  await stack.api(inviter, "POST", "/invitations", { emails: ["again@mail.example"] });
  expect(await stack.mailTo("again@mail.example")).toHaveLength(1);
  await stack.clock(25 * hour);
  await page.clock.setFixedTime(Date.now() + 25 * hour * 1_000);
  await openManage(page, inviter);
  await openTab(page, "invite");
  const again = rows(page, "Sent invitations")
    .filter({ hasText: "again@mail.example" })
    .getByRole("button", { name: /^Resend/ });
  await again.click();
  await expect(page.getByRole("status").filter({ hasText: "Invitation resent to" })).toBeVisible();
  expect(await stack.mailTo("again@mail.example")).toHaveLength(2);
  await page.reload();
  await expect(again).toBeDisabled();
  await expect(again).toHaveAccessibleDescription(/^Can be resent from /);
});

test("a thousand addresses show how far they are, until all are sent", async ({ stack, visitor }) => {
  const page = await visitor({ permissions: ["clipboard-read", "clipboard-write"] });
  const inviter = await stack.person({ name: "Many Thea" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  const addresses = Array.from({ length: 1_000 }, (_, number) => `guest${number}@many.example`);
  const field = await openBulk(page);
  // Filling a field enters line by line, which takes long; the clipboard gives all at once.
  await page.evaluate((text) => navigator.clipboard.writeText(text), addresses.join("\n"));
  await field.press("ControlOrMeta+v");
  await checkAddresses(page);
  await expect(page.getByText("Nothing has been sent yet.")).toBeVisible();
  // All that is announced from here on.
  const announced = await page.evaluateHandle(() => {
    /** @type {string[]} */
    const announced = [];
    new MutationObserver(() => {
      for (const region of document.querySelectorAll(".report [role=status]")) {
        const said = region.textContent;
        if (said && said !== announced.at(-1)) announced.push(said);
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
    return announced;
  });
  await page.getByRole("button", { name: "Send 1,000 invitations" }).click();
  const progress = page.getByRole("progressbar");
  await expect(progress).toBeVisible();
  await expect(page.getByText("All sent: 1,000 of 1,000")).toBeVisible({ timeout: 200_000 });
  await expect(progress).toHaveJSProperty("max", 1_000);
  await expect(progress).toHaveJSProperty("value", 1_000);
  expect(await stack.mailOf("many.example")).toEqual({ mails: 1_000, addresses: 1_000 });
  const said = await announced.jsonValue();
  expect(said[0]).toBe("0% of 1,000 invitations sent.");
  expect(said.at(-1)).toBe("All invitations sent: 1,000.");
  expect(said.length).toBeLessThanOrEqual(5);
});

test("what is edited during a check is checked again before it can be sent", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Editing Enno" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await paste(page, "one@edited.example");
  const answer = await holdBack(page, "**/invitations", "POST");
  const check = page.getByRole("button", { name: "Check addresses" });
  await check.click();
  await page.getByLabel("Paste email addresses").fill("one@edited.example\ntwo@edited.example");
  answer();
  await expect(page.getByRole("status").filter({ hasText: "changed while they were being checked" })).toBeVisible();
  await expect(page.getByRole("heading", { name: /^Check results/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Send \d/ })).toHaveCount(0);
  await checkAddresses(page);
  await expect(page.getByRole("button", { name: "Send 2 invitations" })).toBeVisible();
  // What was checked is no longer what is there.
  await page.getByLabel("Paste email addresses").fill("three@edited.example");
  await expect(page.getByRole("heading", { name: "Check results (before your changes)" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Send \d/ })).toHaveCount(0);
  await page.getByLabel("Paste email addresses").fill("one@edited.example\ntwo@edited.example");
  await expect(page.getByRole("button", { name: "Send 2 invitations" })).toBeVisible();
});

test("a line is told by where it is, and the way to fix leads there", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Placing Pia" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  /** @param {number} number */
  const field = (number) => page.getByLabel(`Email address ${number}`, { exact: true });
  await field(1).fill("first@place.example");
  await page.getByRole("button", { name: "Add Invitee Email Address" }).click();
  await expect(field(2)).toBeFocused();
  await field(2).fill("second@place.example");
  await paste(page, "third@place.example\nfirst@place.example\nwrong@");
  // Enter checks, as the first button does.
  await field(2).press("Enter");
  await expect(line(page, "second@place.example").getByRole("cell").first()).toHaveText("Field 2");
  await expect(line(page, "third@place.example").getByRole("cell").first()).toHaveText("1");
  await expect(line(page, "Duplicate")).toContainText("same as field 1");
  await expect(line(page, "wrong@").getByRole("cell").first()).toHaveText("3");
  await page.getByRole("button", { name: "Fix and retry 1 line" }).click();
  const text = page.getByLabel("Paste email addresses");
  await expect(text).toBeFocused();
  /** @param {HTMLTextAreaElement} area */
  const selected = ({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd);
  expect(await text.evaluate(selected)).toBe("wrong@");
});

test("a message is counted by what it is too long by, and what is too long is not sent", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Wordy Wanda" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  let calls = 0;
  await page.route("**/invitations", (route) => {
    if (route.request().postDataJSON()?.dry_run === false) calls += 1;
    return route.continue();
  });
  await page.getByLabel("Email address 1", { exact: true }).fill("guest@wordy.example");
  const message = page.getByLabel(/^Message/);
  const send = page.getByRole("button", { name: "Send 1 invitation" });
  await message.fill("a".repeat(1_001));
  await expect(message).toHaveAccessibleDescription(/1,001 of 1,000 characters.*1 character over the limit/);
  await message.fill("👨‍👩‍👧‍👦".repeat(200));
  await expect(message).toHaveAccessibleDescription(/5,000 of 4,000 bytes.*1,000 bytes over the limit/);
  await send.click();
  await expect(message).toBeFocused();
  expect(calls).toBe(0);
  await message.fill("👨‍👩‍👧‍👦".repeat(160));
  await send.click();
  await expect(page.getByText("All sent: 1 of 1")).toBeVisible();
  expect(calls).toBe(1);
});

test("the report stays while its tab is not open, and says when nobody can tell how far it is", async ({
  stack,
  page,
  watch,
}) => {
  watch.allow(/^Failed to load resource: net::ERR_FAILED/);
  const inviter = await stack.person({ name: "Leaving Lea" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await paste(page, "guest@leaving.example\nnobody@");
  await checkAddresses(page);
  await page.route("**/invitations?state=queued*", (route) => route.abort());
  await page.getByRole("button", { name: "Send 1 invitation" }).click();
  await expect(page.getByRole("status").filter({ hasText: "isn't available right now" })).toBeVisible();
  await openTab(page, "contacts");
  await openTab(page, "invite");
  await expect(line(page, "nobody@")).toContainText("Invalid");
  await page.unroute("**/invitations?state=queued*");
  await expect(page.getByText("All sent: 1 of 1")).toBeVisible();
  await expect(page.getByText("isn't available right now")).toHaveCount(0);
  await openTab(page, "requests");
  await openTab(page, "invite");
  await expect(page.getByText("All sent: 1 of 1")).toBeVisible();
  await page.getByRole("button", { name: "Fix and retry 1 line" }).click();
  await expect(page.getByLabel("Paste email addresses")).toHaveValue("nobody@");
});

test("a failed send leaves the report and the button, and says so beside it", async ({ stack, page, watch }) => {
  watch.allow(answered(500));
  const inviter = await stack.person({ name: "Failing Flo" });
  await openManage(page, inviter);
  await openTab(page, "invite");
  await paste(page, Array.from({ length: 60 }, (_, number) => `guest${number}@failing.example`).join("\n"));
  await checkAddresses(page);
  const send = page.getByRole("button", { name: "Send 60 invitations" });
  await page.route("**/invitations", (route) =>
    route.request().method() === "POST" ? route.fulfill({ status: 500, json: { code: "failed" } }) : route.continue(),
  );
  await send.click();
  const said = page.getByRole("main").getByRole("alert").filter({ hasText: "Something went wrong" });
  await expect(said).toBeInViewport({ ratio: 1 });
  await expect(send).toBeFocused();
  await expect(page.getByRole("heading", { name: /^Check results/ })).toBeVisible();
  await page.unroute("**/invitations");
  await send.click();
  await expect(page.getByText("All sent: 60 of 60")).toBeVisible();
  expect((await stack.mailOf("failing.example")).mails).toBe(60);
});
