// The lists follow what happens, without a move of what is shown.

import { expect, test } from "../../fixtures.js";
import { openManage, openTab, rows } from "../../manage.js";

/**
 * Somebody new asks to be a contact.
 *
 * @param {Tests.Stack} stack
 * @param {Tests.Person} me
 * @param {string} name
 */
const asks = async (stack, me, name) => {
  const person = await stack.person({ name });
  await stack.api(person, "POST", "/contact-requests", { user_id: me.userId });
};

/** @param {Tests.Page} page */
const received = (page) => rows(page, "Received");
/** @param {Tests.Page} page */
const arrived = (page) => page.getByRole("button", { name: /new request/ });

/** @param {Tests.Page} page */
const comeBack = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

test("A5 a request that comes is told in a minute, and shown above the others on demand", async ({ stack, page }) => {
  const me = await stack.person({ name: "Following Fay" });
  await asks(stack, me, "Early Eve");
  await page.clock.install();
  await openManage(page, me, "/#requests");
  await expect(received(page)).toHaveCount(1);
  await expect(page).toHaveTitle(/^\(1\) Requests/);
  const decline = received(page).getByRole("button", { name: /^Decline/ });
  await decline.focus();

  await asks(stack, me, "Late Lara");
  await page.clock.runFor(61_000);
  await expect(arrived(page)).toHaveText("Show 1 new request");
  await expect(page).toHaveTitle(/^\(2\) Requests/);
  await expect(received(page)).toHaveCount(1);
  await expect(decline).toBeFocused();

  await arrived(page).click();
  await expect(received(page)).toHaveCount(2);
  await expect(received(page).filter({ hasText: "Late Lara" })).toBeFocused();
  await expect(arrived(page)).toHaveCount(0);
});

test("A5 a page that nobody uses asks every five minutes", async ({ stack, page }) => {
  const me = await stack.person({ name: "Idle Ines" });
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/contacts/summary")) asked += 1;
  });
  await page.clock.install();
  await openManage(page, me);
  await expect(page.locator(".figures")).toHaveAttribute("aria-busy", "false");
  /** @param {number} minutes */
  const callsIn = async (minutes) => {
    asked = 0;
    for (let minute = 0; minute < minutes; minute += 1) await page.clock.runFor(60_000);
    return asked;
  };
  // The press that signed in was of another page, so this one counts from its start.
  expect(await callsIn(6)).toBeGreaterThanOrEqual(4);
  const idle = await callsIn(20);
  expect(idle).toBeGreaterThanOrEqual(3);
  expect(idle).toBeLessThanOrEqual(5);
});

test("A5 coming back, and a press of the open tab, look again", async ({ stack, page }) => {
  const me = await stack.person({ name: "Looking Luc" });
  await openManage(page, me, "/#requests");
  await expect(page.getByText("No pending requests", { exact: true })).toBeVisible();
  await asks(stack, me, "First Fritz");
  await comeBack(page);
  await expect(received(page)).toHaveCount(1);
  await asks(stack, me, "Second Sven");
  await openTab(page, "requests");
  await expect(arrived(page)).toBeVisible();
});

test("A5 what is done in one window is seen in the other, also signing out", async ({ stack, page, context }) => {
  const me = await stack.person({ name: "Twofold Tom" });
  for (const name of ["Asking Ada", "Asking Bob"]) await asks(stack, me, name);
  await openManage(page, me, "/#requests");
  const other = await context.newPage();
  await other.goto("/#requests");
  await expect(received(other)).toHaveCount(2);
  const first = received(other).first();
  await first.getByRole("button", { name: /^Accept/ }).focus();
  const name = (await received(page).first().locator(".name").textContent()) ?? "";
  await received(page)
    .first()
    .getByRole("button", { name: /^Accept/ })
    .click();
  await expect(received(other)).toHaveCount(1);
  await expect(other.getByText(name, { exact: true })).toHaveCount(0);
  await expect(first).toBeFocused();

  await page.getByRole("button", { name: /account$/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("main")).toContainText("signed out");
});

test("A5 the badge counts to 99", async ({ stack, page }) => {
  const me = await stack.person({ name: "Popular Pia" });
  await page.route("**/contacts/summary", async (route) => {
    const answer = await route.fetch();
    const summary = await answer.json();
    await route.fulfill({ response: answer, json: { ...summary, requests: { incoming: 120, outgoing: 0 } } });
  });
  await openManage(page, me);
  await expect(page.getByRole("navigation").locator(".badge")).toHaveText(/99\+$/);
  await expect(page).toHaveTitle(/^\(99\+\) /);
});
