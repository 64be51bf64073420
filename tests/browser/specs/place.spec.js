// Where one is: the focus after what it was on has gone, names that tell one from another, the current tab.

import { expect, test } from "../fixtures.js";
import { openManage, openTab, rows } from "../manage.js";

const dialog = (page) => page.getByRole("dialog");
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

  await list.first().getByRole("button", { name: /^Accept/ }).click();
  await expect(list).toHaveCount(2);
  await expect(list.first()).toBeFocused();
  expect(await list.first().textContent()).toBe(second);
  await list.first().getByRole("button", { name: /^Decline/ }).click();
  await dialog(page).getByRole("button", { name: /^Not now/ }).click();
  await expect(list).toHaveCount(1);
  await expect(list.first()).toBeFocused();
  expect(await list.first().textContent()).toBe(third);
  await list.first().getByRole("button", { name: /^Accept/ }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Received" })).toBeFocused();
});

test("after a contact is removed the one before has the focus, after the last the heading", async ({ stack, page }) => {
  const me = await stack.person({ name: "Removing Rolf" });
  for (const name of ["Removed Rosa", "Removed Rudi"]) await connect(stack, me, await stack.person({ name }));
  await openManage(page, me);
  const list = rows(page, "Contacts");
  await expect(list).toHaveCount(2);
  for (const left of [1, 0]) {
    await list.last().getByRole("button", { name: /^Remove/ }).click();
    await dialog(page).getByRole("button", { name: "Remove", exact: true }).click();
    await expect(list).toHaveCount(left);
    await expect(left ? list.first() : page.getByRole("heading", { level: 1 })).toBeFocused();
  }
});

test("after a revoked invitation its row has the focus, after a deleted link its neighbour", async ({ stack, page }) => {
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
  await links.last().getByRole("button", { name: /^Delete/ }).click();
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
  for (const [tab, last] of [
    ["contacts", "Block Named Nick"],
    ["requests", "Show more: Sent"],
    ["connect", "Delete: Card"],
  ]) {
    await openTab(page, tab);
    await expect(page.getByRole("button", { name: last })).toBeVisible();
    const names = (await page.getByRole("main").ariaSnapshot()).match(/\b(button|link|textbox) "[^"]+"/g);
    expect(names).toContain(`button "${last}"`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  }
});

// As far as a fraction of a pixel allows.
const WHOLE = 0.99;

for (const locale of ["en-GB", "ja-JP"]) {
  test(`on a narrow screen the current tab is in view, ${locale}`, async ({ stack, visitor }) => {
    const language = locale.slice(0, 2);
    const page = await visitor({ locale, viewport: { width: 320, height: 640 } });
    const me = await stack.person({ name: `Narrow Nina ${language}` });
    const asking = await stack.person({ name: `Narrow Nils ${language}` });
    await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });
    await openManage(page, me, "/#connect");
    const current = page.getByRole("navigation").locator("[aria-current]");
    // The badge makes a tab before it wider.
    await expect(page.getByRole("navigation").locator(".badge")).toHaveText(/1$/);
    await expect(current).toBeInViewport({ ratio: WHOLE });
    for (const tab of ["contacts", "connect", "requests", "invite", "search"]) {
      await page.evaluate((name) => (location.hash = name), tab);
      await expect(page.getByRole("navigation").locator(`[href="#${tab}"]`)).toHaveAttribute("aria-current", "page");
      await expect(current).toBeInViewport({ ratio: WHOLE });
    }
  });
}
