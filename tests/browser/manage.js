// The Manage Contacts page, as its users work it.

import { expect } from "@playwright/test";

import { signIn } from "./signing-in.js";

const names = {
  en: {
    contacts: "Contacts",
    requests: "Requests",
    search: "Search Users",
    invite: "Invite Users",
    connect: "Invite and connect",
  },
  ja: {
    contacts: "コンタクト",
    requests: "コンタクト申請",
    search: "ユーザーを検索",
    invite: "ユーザーを招待",
    connect: "招待してつながる",
  },
};

// The heading of the view whose tab has another name.
const sharing = { en: "Share link and invite", ja: "リンクを共有して招待する" };

/** @typedef {keyof typeof names.en} Tab */

/**
 * The link to a tab, whose label is another one on a narrow screen.
 *
 * @param {Tests.Page} page
 * @param {Tab} tab
 */
export const tabLink = (page, tab) => page.getByRole("navigation").locator(`[href="#${tab}"]`);

/**
 * Opens the page, or one of its tabs, and signs in.
 *
 * @param {Tests.Page} page
 * @param {Pick<Tests.Person, "email">} person
 */
export const openManage = async (page, person, address = "/") => {
  await page.goto(address);
  await signIn(page, person);
  await tabLink(page, "search").waitFor();
};

/**
 * Goes to a tab.
 *
 * @param {Tests.Page} page
 * @param {Tab} tab
 * @param {Tests.Language} language
 */
export const openTab = async (page, tab, language = "en") => {
  await tabLink(page, tab).click();
  const heading = (tab === "connect" && sharing[language]) || names[language][tab];
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
};

/**
 * The rows of the list with this name.
 *
 * @param {Tests.Page} page
 * @param {string} list
 */
export const rows = (page, list) => page.getByRole("list", { name: list, exact: true }).getByRole("listitem");

/**
 * @param {Tests.Page} page
 * @param {string} text
 */
export const search = async (page, text) => {
  await openTab(page, "search");
  const box = page.getByRole("searchbox");
  // What was sought before is taken out of it, then and not later.
  await expect(box).toHaveValue("");
  await box.fill(text);
  await page.getByRole("button", { name: "Search", exact: true }).click();
};

/**
 * Opens the field for many addresses, and waits for the focus that the page gives it: it would take it from another.
 *
 * @param {Tests.Page} page
 */
export const openBulk = async (page) => {
  await page.getByRole("button", { name: "Bulk Add" }).click();
  const field = page.getByLabel("Paste email addresses");
  await expect(field).toBeFocused();
  return field;
};

/**
 * Checks what is on the form, and waits for the report, which gets the focus.
 *
 * @param {Tests.Page} page
 */
export const checkAddresses = async (page) => {
  await page.getByRole("button", { name: "Check addresses" }).click();
  await expect(page.getByRole("heading", { name: /^Check results/ })).toBeFocused();
};

/**
 * Sends a request to whom a search finds.
 *
 * @param {Tests.Page} page
 * @param {string} name
 */
export const ask = async (page, name, message = "") => {
  await search(page, name);
  await rows(page, "Results").filter({ hasText: name }).getByRole("button", { name: /^Add/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill(message);
  await dialog.getByRole("button", { name: "Send request" }).click();
  await dialog.waitFor({ state: "hidden" });
};
