// Signing in and out, and what only the person concerned may decide.

import { answered, expect, test } from "../../fixtures.js";
import { openManage, openTab, rows, search } from "../../manage.js";
import { register, signIn } from "../../signing-in.js";

test("whoever follows an address signs in, and comes back to it", async ({ stack, page }) => {
  const person = await stack.person({ name: "Deep Dina" });
  await page.goto("/#invite");
  await signIn(page, person);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Invite Users");
  await expect(page).toHaveURL(/\/#invite$/);
});

test("somebody new registers and finds everything empty", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Sign up" }).click();
  await register(page, { name: "Fresh Fred", email: "fresh@people.example" });
  await expect(page.getByText("No contacts yet")).toBeVisible();
  await page.getByRole("link", { name: "Search Users" }).last().click();
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("A9 signing out ends it, also after a reload, and no token outlives the tab", async ({ stack, page, context }) => {
  const person = await stack.person({ name: "Leaving Lea" });
  await openManage(page, person);
  const kept = await page.evaluate(() => JSON.stringify(localStorage) + document.cookie);
  expect(kept).not.toContain("eyJ");
  const other = await context.newPage();
  await other.goto("/#invite");
  await expect(other.getByRole("button", { name: "Leaving Lea: account" })).toBeVisible();
  await expect(other).toHaveURL(/\/#invite$/);

  await page.getByRole("button", { name: /account$/ }).click();
  const ended = page.waitForResponse(/\/end-session$/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await ended;
  expect(await context.cookies(`${stack.origin}/_local/oidc/authorize`)).toEqual([]);
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("A9 an issuer that knows nobody any more leads to the welcome page, once", async ({ stack, page, context }) => {
  const person = await stack.person({ name: "Forgotten Fran" });
  await openManage(page, person);
  await context.clearCookies();
  const other = await context.newPage();
  let asked = 0;
  other.on("request", (request) => {
    if (request.url().includes("prompt=none")) asked += 1;
  });
  await other.goto("/#requests");
  await expect(other.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(other).toHaveURL(/\/#requests$/);
  await other.reload();
  await expect(other.getByRole("button", { name: "Sign in" })).toBeVisible();
  expect(asked).toBe(1);
});

test("A9 whoever opens a link in a new tab is signed in there", async ({ stack, page, context }) => {
  const owner = await stack.person({ name: "Linking Lin" });
  const { share_links } = await stack.api(owner, "GET", "/share-links");
  await openManage(page, await stack.person({ name: "Opening Otto" }));
  const tab = await context.newPage();
  await tab.goto(share_links[0].url);
  await expect(tab.locator("[data-do=press]")).toBeVisible();
});

test("a session that has ended says so, and signing in again leads back", async ({ stack, page, watch }) => {
  watch.allow(answered(401));
  const person = await stack.person({ name: "Ending Edda" });
  await openManage(page, person);
  await expect(page.getByText("No contacts yet")).toBeVisible();
  // With the figures the page has all it asks for, so that it is the press that finds out.
  await expect(page.locator(".figures")).toHaveAttribute("aria-busy", "false");
  await stack.clock(2 * 3600);
  await page
    .getByRole("navigation")
    .getByRole("link", { name: /^Requests/ })
    .click();
  await expect(page.getByRole("main")).toContainText("Your session has expired");
  await expect(page.getByRole("status")).toContainText("Your session has expired");
  await signIn(page, person);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Requests");
});

test("a sign-in that nobody started comes to nothing, and offers the way back", async ({ page }) => {
  await page.goto("/assets/signed-in.html?code=made-up&state=made-up");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByRole("main").getByRole("link").click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("when the service is out of reach the page says so, and tries again on demand", async ({ stack, page, watch }) => {
  watch.allow(/^Failed to load resource: net::ERR_FAILED/);
  const person = await stack.person({ name: "Offline Olaf" });
  await openManage(page, person);
  await page.route("**/contact-requests?*", (route) => route.abort());
  await page
    .getByRole("navigation")
    .getByRole("link", { name: /^Requests/ })
    .click();
  const alert = page.getByRole("alert").filter({ hasText: "can't be reached" }).first();
  await expect(alert).toBeVisible();
  await page.unroute("**/contact-requests?*");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("No pending requests", { exact: true })).toBeVisible();
});

test("who does not want to be found by name is not", async ({ stack, page, visitor }) => {
  const shy = await stack.person({ name: "Shy Sheila", chatwork_id: "shy-sheila" });
  const seeker = await stack.person({ name: "Seeking Sam" });
  await openManage(page, shy);
  await page.getByRole("button", { name: /account$/ }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("checkbox", { name: "By name" }).uncheck();
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();

  const other = await visitor();
  await openManage(other, seeker);
  await search(other, "Shy Sheila");
  await expect(other.getByText("No one found")).toBeVisible();
  await search(other, "shy-sheila");
  await expect(rows(other, "Results")).toContainText("Shy Sheila");
});

test("a profile is changed, and a Chatwork ID that is taken is said at its field", async ({ stack, page, watch }) => {
  watch.allow(answered(409));
  watch.allow(answered(422));
  await stack.person({ name: "First Fiona", chatwork_id: "first-come" });
  const person = await stack.person({ name: "Second Sid" });
  await openManage(page, person);
  await page.getByRole("button", { name: /account$/ }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Chatwork ID", { exact: true }).fill("first-come");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("This Chatwork ID is already taken.").or(page.getByText("Already taken."))).toBeVisible();
  await page.getByLabel("Chatwork ID", { exact: true }).fill("second-served");
  await page.getByLabel("Name", { exact: true }).fill("Second Sidney");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Second Sidney: account" })).toBeVisible();
  await page.reload();
  await openTab(page, "contacts");
  expect(await stack.api(person, "GET", "/me")).toMatchObject({ name: "Second Sidney", chatwork_id: "second-served" });
});
