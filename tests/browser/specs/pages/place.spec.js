// Where one is: the focus after what it was on has gone, names that tell one from another, the current tab.

import { expect, holdBack, test } from "../../fixtures.js";
import { checkAddresses, openBulk, openManage, openTab, rows, tabLink } from "../../manage.js";

/** @param {Tests.Page} page */
const dialog = (page) => page.getByRole("dialog");
/**
 * @param {Tests.Stack} stack
 * @param {Tests.Person} one
 * @param {Tests.Person} other
 */
const connect = async (stack, one, other) => {
  await stack.api(one, "POST", "/contact-requests", { user_id: other.userId });
  await stack.api(other, "POST", "/contact-requests", { user_id: one.userId });
};

test("when a row goes, the focus goes to the next one, and at last to the heading", async ({ stack, page }) => {
  const me = await stack.person({ name: "Focused Fee" });
  for (const name of ["Asking Anna", "Asking Bert", "Asking Carl"]) {
    const person = await stack.person({ name });
    await stack.api(person, "POST", "/contact-requests", { user_id: me.userId });
  }
  await openManage(page, me);
  await openTab(page, "requests");
  const list = rows(page, "Received");
  await expect(list).toHaveCount(3);
  const [second, third] = [await list.nth(1).textContent(), await list.nth(2).textContent()];

  await list
    .first()
    .getByRole("button", { name: /^Accept/ })
    .click();
  await expect(list).toHaveCount(2);
  await expect(list.first()).toBeFocused();
  expect(await list.first().textContent()).toBe(second);
  await list
    .first()
    .getByRole("button", { name: /^Decline/ })
    .click();
  await dialog(page)
    .getByRole("button", { name: /^Not now/ })
    .click();
  await expect(list).toHaveCount(1);
  await expect(list.first()).toBeFocused();
  expect(await list.first().textContent()).toBe(third);
  await list
    .first()
    .getByRole("button", { name: /^Accept/ })
    .click();
  await expect(page.getByRole("heading", { level: 2, name: "Received" })).toBeFocused();
});

test("after a contact is removed the one before has the focus, after the last the heading", async ({ stack, page }) => {
  const me = await stack.person({ name: "Removing Rolf" });
  for (const name of ["Removed Rosa", "Removed Rudi"]) await connect(stack, me, await stack.person({ name }));
  await openManage(page, me);
  const list = rows(page, "Contacts");
  await expect(list).toHaveCount(2);
  for (const left of [1, 0]) {
    await list
      .last()
      .getByRole("button", { name: /^Remove/ })
      .click();
    await dialog(page).getByRole("button", { name: "Remove", exact: true }).click();
    await expect(list).toHaveCount(left);
    await expect(left ? list.first() : page.getByRole("heading", { level: 1 })).toBeFocused();
  }
});

test("after a revoked invitation its row has the focus, after a deleted link its neighbour", async ({
  stack,
  page,
}) => {
  const me = await stack.person({ name: "Ending Emma" });
  await stack.api(me, "POST", "/invitations", { emails: ["place@focus.example"] });
  for (const name of ["Fair", "Card"]) await stack.api(me, "POST", "/share-links", { name });
  await stack.idle();
  await openManage(page, me);
  await openTab(page, "invite");
  const invitation = rows(page, "Sent invitations");
  await invitation.getByRole("button", { name: /^Revoke/ }).click();
  await dialog(page).getByRole("button", { name: "Revoke" }).click();
  await expect(invitation).toContainText("Revoked");
  await expect(invitation).toBeFocused();

  await openTab(page, "connect");
  const links = rows(page, "Invite and connect");
  await expect(links).toHaveCount(2);
  await links
    .last()
    .getByRole("button", { name: /^Delete/ })
    .click();
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await expect(links).toHaveCount(1);
  await expect(links.first()).toBeFocused();
});

test("no two controls of a tab have the same name", async ({ stack, page }) => {
  const me = await stack.person({ name: "Naming Nora", chatwork_id: "naming-nora" });
  for (const name of ["Named Ned", "Named Nick"]) await connect(stack, me, await stack.person({ name }));
  for (let number = 0; number < 51; number += 1) {
    const person = await stack.person({ name: `Waiting W${number}` });
    await stack.api(person, "POST", "/contact-requests", { user_id: me.userId });
    const asked = await stack.person({ name: `Asked A${number}` });
    await stack.api(me, "POST", "/contact-requests", { user_id: asked.userId });
  }
  for (const name of ["Fair", "Card"]) await stack.api(me, "POST", "/share-links", { name });
  await openManage(page, me);
  /** @type {[import("../../manage.js").Tab, string][]} */
  const lasts = [
    ["contacts", "Block Named Nick"],
    ["requests", "Show more: Sent"],
    ["connect", "Delete: Card"],
  ];
  for (const [tab, last] of lasts) {
    await openTab(page, tab);
    await expect(page.getByRole("button", { name: last })).toBeVisible();
    await expect(page.locator(".qr:empty")).toHaveCount(0);
    const snapshot = await page.getByRole("main").ariaSnapshot();
    const names = [...snapshot.matchAll(/\b(button|link|textbox) "[^"]+"/g)].map(([name]) => name);
    expect(names).toContain(`button "${last}"`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  }
});

// As far as a fraction of a pixel allows.
const WHOLE = 0.99;

test("who signs out, or is signed out, is told so where they are then", async ({ stack, page, watch }) => {
  watch.allow(/status of 401/);
  const me = await stack.person({ name: "Parting Paul" });
  await openManage(page, me);
  const heading = page.getByRole("heading", { level: 1, name: "Manage Contacts" });
  await page.getByRole("button", { name: /account$/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(heading).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: "signed out" })).toHaveCount(1);

  await openManage(page, me);
  await page.route("**/contact-requests?*", (route) => route.fulfill({ status: 401, json: { code: "unauthorized" } }));
  await page.getByRole("navigation").getByRole("link", { name: "Requests" }).click();
  await expect(heading).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: "session has expired" })).toHaveCount(1);
});

test("all lines of a report, and closing a notice, keep the place", async ({ stack, page, watch }) => {
  watch.allow(/^Failed to load resource: net::ERR_FAILED/);
  const me = await stack.person({ name: "Placed Petra" });
  await openManage(page, me);
  await openTab(page, "invite");
  const field = await openBulk(page);
  const lines = Array.from({ length: 120 }, (_, number) => `guest${number}@placed.example`);
  await field.fill(lines.join("\n"));
  await checkAddresses(page);
  await page.getByRole("button", { name: "Show all 120 lines" }).click();
  const first = page.getByRole("region", { name: "Results by line" }).getByRole("row").filter({ hasText: "guest100@" });
  await expect(first).toBeFocused();
  await expect(first).toBeInViewport();

  await openTab(page, "search");
  await page.route("**/me", (route) => route.abort());
  await page.getByRole("button", { name: /account$/ }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  const box = page.getByRole("checkbox", { name: "By name" });
  await box.click();
  const notice = page.getByRole("alert").filter({ hasText: "can't be reached" });
  await expect(notice).toBeVisible();
  await expect(box).toBeChecked();
  await page.getByRole("button", { name: "Close" }).click();
  await expect(notice).toHaveCount(0);
  await expect(box).toBeFocused();
});

test("what has the focus is never below the header, and the current tab has a border in forced colours", async ({
  stack,
  page,
}) => {
  const me = await stack.person({ name: "Seeing Sina" });
  for (let number = 10; number < 30; number += 1) {
    await connect(stack, me, await stack.person({ name: `Seen Person${number}` }));
  }
  await openManage(page, me);
  await expect(rows(page, "Contacts")).toHaveCount(20);
  await expect(page.locator(".figures")).toHaveAttribute("aria-busy", "false");
  // Big letters, and a window that is wide but low, or small.
  for (const viewport of [
    { width: 1280, height: 500 },
    { width: 320, height: 256 },
  ]) {
    await page.setViewportSize(viewport);
    await expect.poll(() => page.evaluate(() => ({ width: innerWidth, height: innerHeight }))).toEqual(viewport);
    await page.getByText("Blocked people").focus();
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Shift+Tab");
      const seen = await page.evaluate(() => {
        const focused = document.activeElement ?? document.body;
        const { left, top, width } = focused.getBoundingClientRect();
        return focused.contains(document.elementFromPoint(left + width / 2, top + 2));
      });
      expect(seen, `step ${step} at ${viewport.width}`).toBe(true);
    }
  }
  await page.emulateMedia({ forcedColors: "active" });
  const tabs = page.getByRole("navigation").getByRole("link");
  await expect(tabs.nth(0)).toHaveCSS("border-top-width", "3px");
  await expect(tabs.nth(1)).toHaveCSS("border-top-width", "0px");
});

test("nothing moves when the figures come", async ({ stack, visitor }) => {
  const page = await visitor({ viewport: { width: 320, height: 640 } });
  const me = await stack.person({ name: "Steady Stan", organization: "Steady & Co" });
  const asking = await stack.person({ name: "Asking Alma" });
  await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });
  const answer = await holdBack(page, "**/contacts/summary");
  await openManage(page, me);
  await expect(page.getByText("No contacts yet")).toBeVisible();
  const places = async () => [
    await page.getByRole("searchbox").boundingBox(),
    await tabLink(page, "search").boundingBox(),
  ];
  const before = await places();
  answer();
  await expect(page.getByText("in Steady & Co")).toBeVisible();
  await expect(page.getByRole("navigation").locator(".badge")).toHaveText(/1$/);
  expect(await places()).toEqual(before);
});

test("received and sent requests appear together", async ({ stack, page }) => {
  const me = await stack.person({ name: "Together Tom" });
  await openManage(page, me);
  const answer = await holdBack(page, "**/contact-requests?direction=incoming*");
  const sent = page.waitForResponse(/contact-requests\?direction=outgoing/);
  await openTab(page, "requests");
  await (await sent).finished();
  await expect(page.getByRole("heading", { level: 2 })).toHaveCount(0);
  answer();
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["Received", "Sent"]);
});

test("on a narrow screen a report fits, and so does a notice with a long name", async ({ stack, visitor }) => {
  const page = await visitor({ viewport: { width: 320, height: 640 } });
  const me = await stack.person({ name: "Small Sam" });
  const long = await stack.person({ name: `Long${"x".repeat(60)}` });
  await connect(stack, me, long);
  await openManage(page, me);
  await page.getByRole("button", { name: /^Remove/ }).click();
  await dialog(page).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByRole("button", { name: "Close" })).toBeInViewport({ ratio: WHOLE });
  await openTab(page, "invite");
  await (await openBulk(page)).fill(`${"x".repeat(60)}@`);
  await checkAddresses(page);
  const report = page.getByRole("region", { name: "Results by line" });
  await expect(report.getByRole("row").filter({ hasText: "Invalid" })).toBeVisible();
  /** @param {Tests.Locator} element */
  const width = (element) => element.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(await width(report)).toBe(0);
  expect(await width(page.locator("html"))).toBe(0);
});
