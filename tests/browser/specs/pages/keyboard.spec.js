// Everything once, without a pointer.

import { expect, test } from "../../fixtures.js";
import { enter, tabTo } from "../../keyboard.js";
import { openManage, rows } from "../../manage.js";
import { untilFound } from "../../signing-in.js";

/**
 * @param {Tests.Page | Tests.Locator} place
 * @param {Tests.Name} name
 */
const button = (place, name) => place.getByRole("button", { name });
/**
 * @param {Tests.Page} page
 * @param {Tests.Name} name
 */
const tab = (page, name) => page.getByRole("navigation").getByRole("link", { name });
/**
 * @param {Tests.Page} page
 * @param {string} text
 */
const type = (page, text) => page.keyboard.type(text);

/**
 * On the local sign-in page, which shows some of the people only.
 *
 * @param {Tests.Page} page
 * @param {Tests.Person} person
 */
const chooseToBe = async (page, person) => {
  await tabTo(page, page.getByRole("searchbox"));
  await type(page, person.email);
  await page.keyboard.press("Enter");
  await untilFound(page);
  await enter(page, page.getByRole("listitem").filter({ hasText: person.email }).getByRole("button"));
};

/**
 * The way in of the chat screen: a menu that opens and closes by keyboard.
 *
 * @param {Tests.Page} page
 */
const openSearch = async (page) => {
  const menu = button(page, "Add");
  const entry = page.getByRole("link", { name: "Add Contact" });
  await enter(page, menu);
  await expect(entry).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(entry).toBeHidden();
  await enter(page, menu);
  await enter(page, entry);
  await expect(page.getByRole("heading", { level: 1, name: "Search Users" })).toBeVisible();
  await expect(page.getByRole("searchbox")).toBeFocused();
};

/**
 * @param {Tests.Page} page
 * @param {string} text
 * @param {Tests.Locator} found
 * @param {string} message
 */
const searchAndAsk = async (page, text, found, message) => {
  await type(page, text);
  await page.keyboard.press("Enter");
  await enter(page, found.getByRole("button", { name: /^Add/ }));
  const dialog = page.getByRole("dialog");
  await tabTo(page, dialog.getByRole("textbox"));
  await type(page, message);
  await enter(page, button(dialog, "Send request"));
  await expect(found).toContainText("Request sent");
};

/**
 * @param {Tests.Page} page
 * @param {Tests.Locator} found
 */
const startToCancel = async (page, found) => {
  const dialog = page.getByRole("dialog");
  await enter(page, found.getByRole("button", { name: /^Cancel/ }));
  // What cannot be undone is not what the first key press does.
  await expect(button(dialog, "Back")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(found.getByRole("button", { name: /^Cancel/ })).toBeFocused();
};

/**
 * @param {Tests.Page} page
 * @param {string} name
 */
const acceptFrom = async (page, name) => {
  await enter(page, tab(page, /^Requests/));
  await expect(page.getByRole("heading", { level: 1, name: "Requests" })).toBeFocused();
  const request = rows(page, "Received").filter({ hasText: name });
  await enter(page, request.getByRole("button", { name: /^Accept/ }));
  await expect(rows(page, "Received")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 2, name: "Received" })).toBeFocused();
  await enter(page, tab(page, /^Contacts/));
  await expect(rows(page, "Contacts")).toContainText(name);
};

/**
 * @param {Tests.Page} page
 * @param {string} address
 */
const invite = async (page, address) => {
  await enter(page, tab(page, "Invite Users"));
  await tabTo(page, page.getByLabel("Email address 1", { exact: true }));
  await type(page, address);
  await enter(page, button(page, "Send 1 invitation"));
  await expect(page.getByRole("heading", { name: "Results" })).toBeFocused();
  await expect(page.getByText("All sent: 1 of 1")).toBeVisible();
};

/** @param {Tests.Page} page */
const replaceLink = async (page) => {
  await enter(page, tab(page, "Invite and connect"));
  const link = rows(page, "Invite and connect");
  const old = await link.getByRole("textbox").inputValue();
  await enter(page, link.getByRole("button", { name: "Reset link" }));
  await enter(page, button(page.getByRole("dialog"), "Reset link"));
  await expect(link.getByRole("textbox")).not.toHaveValue(old);
};

test("sign in, search, ask, answer, invite and share by keyboard", async ({ stack, page }) => {
  const me = await stack.person({ name: "Keyboard Kim" });
  const sought = await stack.person({ name: "Keyless Kay" });
  const asking = await stack.person({ name: "Keen Kurt" });
  await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });

  await page.goto("/");
  await enter(page, button(page, "Sign in"));
  await chooseToBe(page, me);

  await openSearch(page);
  const found = rows(page, "Results").filter({ hasText: "Keyless Kay" });
  await searchAndAsk(page, "keyless", found, "By keyboard");
  const waiting = await stack.api(sought, "GET", "/contact-requests?direction=incoming");
  expect(waiting.contact_requests.map(({ message }) => message)).toEqual(["By keyboard"]);
  await startToCancel(page, found);

  await acceptFrom(page, "Keen Kurt");
  await invite(page, "typed@keyboard.example");
  expect(await stack.mailTo("typed@keyboard.example")).toHaveLength(1);
  await replaceLink(page);

  await enter(page, button(page, /account$/));
  await enter(page, button(page, "Sign out"));
  await expect(button(page, "Sign in")).toBeVisible();
});

test("A21 the first stop leads past the header and the tabs", async ({ stack, page }) => {
  const me = await stack.person({ name: "Keyed Kate" });
  await openManage(page, me);
  await page.keyboard.press("Tab");
  const skip = button(page, "Skip to main content");
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page).toHaveURL((url) => url.hash === "");
});

test("a link is answered by keyboard", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Keys Kira" });
  const guest = await stack.person({ name: "Keys Konrad" });
  const { share_links } = await stack.api(owner, "GET", "/share-links");
  await page.goto(share_links[0].url);
  await enter(page, button(page, "Sign in"));
  await chooseToBe(page, guest);
  await enter(page, button(page, "Send request"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Request sent");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});
