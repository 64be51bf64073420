// What is being typed when a session ends is there again after the next sign-in, and for nobody else.

import { answered, expect, test } from "../../fixtures.js";
import { openBulk, openManage, openTab, rows, search } from "../../manage.js";
import { signIn } from "../../signing-in.js";

/** @param {Tests.Page} page */
const kept = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage }));
/** @param {Tests.Page} page */
const pasted = (page) => page.getByLabel("Paste email addresses");

/**
 * The next call of the API finds that the session is over: the one of this press, or one of the page's own before it,
 * which leaves nothing to press.
 *
 * @param {Tests.Stack} stack
 * @param {Tests.Page} page
 * @param {Tests.Locator} press
 */
const endSession = async (stack, page, press) => {
  await stack.clock(2 * 3600);
  await press.evaluateAll((found) => {
    for (const element of found) if (element instanceof HTMLElement) element.click();
  });
  await expect(page.getByRole("main").getByText("Your session has expired")).toBeVisible();
};

/**
 * @param {Tests.Page} page
 * @param {string} text
 */
const fillInvite = async (page, text) => {
  await openTab(page, "invite");
  await page.getByLabel("Email address 1", { exact: true }).fill("field@draft.example");
  await (await openBulk(page)).fill(text);
  await page.getByLabel(/^Message/).fill("Still here?");
  await page.getByLabel("Email language").selectOption({ label: "English" });
};

test.beforeEach(({ watch }) => watch.allow(answered(401)));

test("the invitations outlive the session, for this tab only and until they are sent", async ({
  stack,
  page,
  context,
}) => {
  const inviter = await stack.person({ name: "Drafting Dora" });
  await openManage(page, inviter);
  await fillInvite(page, "Mika <mika@draft.example>\nnobody@");
  await endSession(stack, page, page.getByRole("button", { name: "Check addresses" }));
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain("draft.example");
  const other = await context.newPage();
  await other.goto("/");
  expect(await kept(other)).not.toContain("draft.example");

  await signIn(page, inviter);
  await expect(pasted(page)).toHaveValue("Mika <mika@draft.example>\nnobody@");
  await expect(page.getByLabel("Email address 1", { exact: true })).toHaveValue("field@draft.example");
  await expect(page.getByLabel(/^Message/)).toHaveValue("Still here?");
  await expect(page.getByLabel("Email language")).toHaveValue("en");
  await page.getByRole("button", { name: "Check addresses" }).click();
  await page.getByRole("button", { name: "Send 2 invitations" }).click();
  await expect(page.getByText("All sent: 2 of 2")).toBeVisible();
  expect(await kept(page)).not.toContain("mika@draft.example");

  // What is still to be fixed was not sent.
  await endSession(stack, page, page.getByRole("navigation").getByRole("link", { name: "Invite and connect" }));
  await signIn(page, inviter);
  await openTab(page, "invite");
  await expect(pasted(page)).toHaveValue("nobody@");
});

test("signing out, and somebody else, leave nothing of it", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Leaving Lars" });
  const other = await stack.person({ name: "Other Olga" });
  await openManage(page, inviter);
  await fillInvite(page, "mika@draft.example");
  await endSession(stack, page, page.getByRole("button", { name: "Check addresses" }));
  expect(await kept(page)).toContain("mika@draft.example");
  await signIn(page, other);
  await expect(page.getByRole("heading", { level: 1, name: "Invite Users" })).toBeVisible();
  await expect(page.getByLabel("Email address 1", { exact: true })).toHaveValue("");
  await expect(pasted(page)).toHaveCount(0);
  expect(await kept(page)).not.toContain("draft.example");

  await fillInvite(page, "mika@draft.example");
  expect(await kept(page)).toContain("mika@draft.example");
  await pasted(page).fill("");
  await page.getByLabel("Email address 1", { exact: true }).fill("");
  expect(await kept(page)).not.toContain("draft.example");
  await pasted(page).fill("mika@draft.example");
  expect(await kept(page)).toContain("mika@draft.example");
  await page.getByRole("button", { name: /account$/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  expect(await kept(page)).not.toContain("draft.example");
});

test("A21 a profile that was typed and not saved is there again, until it is saved", async ({ stack, page }) => {
  const person = await stack.person({ name: "Typing Tess" });
  await openManage(page, person, "/#settings");
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Typing Tessa");
  await openTab(page, "contacts");
  await page.evaluate(() => (location.hash = "settings"));
  await expect(name).toHaveValue("Typing Tessa");
  await page.reload();
  await expect(name).toHaveValue("Typing Tessa");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
  expect(await kept(page)).not.toContain("Tessa");
  await page.reload();
  await expect(name).toHaveValue("Typing Tessa");
});

test("a request's message and a link's settings outlive the session, until they are left", async ({ stack, page }) => {
  const person = await stack.person({ name: "Typing Tom" });
  await stack.person({ name: "Typed Tina" });
  const dialog = page.getByRole("dialog");
  const add = rows(page, "Results").getByRole("button", { name: /^Add/ });
  await openManage(page, person);
  await search(page, "Typed Tina");
  await add.click();
  await dialog.getByRole("textbox").fill("We met on Monday.");
  await endSession(stack, page, dialog.getByRole("button", { name: "Send request" }));
  await signIn(page, person);
  await search(page, "Typed Tina");
  await add.click();
  await expect(dialog.getByRole("textbox")).toHaveValue("We met on Monday.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await add.click();
  await expect(dialog.getByRole("textbox")).toHaveValue("");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await openTab(page, "connect");
  const fresh = page.getByRole("button", { name: "New link" });
  await fresh.click();
  await dialog.getByLabel("Name").fill("Workshop");
  await dialog.getByRole("radio", { name: /^Connect automatically/ }).check();
  await endSession(stack, page, dialog.getByRole("button", { name: "Save" }));
  await signIn(page, person);
  await fresh.click();
  await expect(dialog.getByLabel("Name")).toHaveValue("Workshop");
  await expect(dialog.getByRole("radio", { name: /^Connect automatically/ })).toBeChecked();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(rows(page, "Invite and connect").filter({ hasText: "Workshop" })).toBeVisible();
  await fresh.click();
  await expect(dialog.getByLabel("Name")).toHaveValue("");
});
