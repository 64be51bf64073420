// What the Manage Contacts page makes of answers that are lost, late, or not what was hoped for.

import { answered, expect, holdBack, test } from "../../fixtures.js";
import { openManage, openTab, rows, search } from "../../manage.js";

/** @param {Tests.Page} page */
const dialog = (page) => page.getByRole("dialog");
/** @param {Tests.Page} page */
const links = (page) => rows(page, "Invite and connect");
const failed = /^Failed to load resource: net::ERR_FAILED/;

/**
 * @param {Tests.Page} page
 * @param {string} name
 */
const fillLink = async (page, name) => {
  await page.getByRole("button", { name: "New link" }).click();
  await dialog(page).getByLabel("Name").fill(name);
};

/**
 * Answers of one method and path as the test likes them; `answer` gets the route and how many came before.
 *
 * @param {Tests.Page} page
 * @param {string} method
 * @param {Tests.Address} path
 * @param {(route: Tests.Route, before: number) => void | Promise<void>} answer
 */
const answering = async (page, method, path, answer) => {
  let before = 0;
  await page.route(path, (route) => {
    if (route.request().method() !== method) return route.fallback();
    before += 1;
    return answer(route, before - 1);
  });
};

test("a double click saves one link", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Double Dan" });
  await openManage(page, owner);
  await openTab(page, "connect");
  await fillLink(page, "Twice");
  let calls = 0;
  await answering(page, "POST", "**/share-links", (route) => {
    calls += 1;
    return route.continue();
  });
  await dialog(page).getByRole("button", { name: "Save" }).dblclick();
  await expect(dialog(page)).toHaveCount(0);
  expect(calls).toBe(1);
  await expect(links(page).filter({ hasText: "Twice" })).toHaveCount(1);
  const { share_links } = await stack.api(owner, "GET", "/share-links");
  expect(share_links.filter(({ name }) => name === "Twice")).toHaveLength(1);
});

test("what is tried again after a lost answer is done once, the same wish after an answer twice", async ({
  stack,
  page,
  watch,
}) => {
  watch.allow(failed);
  const owner = await stack.person({ name: "Lost Lotte" });
  await openManage(page, owner);
  await openTab(page, "connect");
  /** @type {string[]} */
  const keys = [];
  await answering(page, "POST", "**/share-links", async (route, before) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (before >= 3) return route.continue();
    // The service does it, and nobody hears of it.
    await route.fetch();
    return route.abort();
  });
  await fillLink(page, "Lost");
  const save = dialog(page).getByRole("button", { name: "Save" });
  await save.click();
  await expect(dialog(page).getByRole("alert")).toContainText("can't be reached");
  await save.click();
  await expect(dialog(page)).toHaveCount(0);
  expect(keys).toHaveLength(4);
  expect(new Set(keys).size).toBe(1);
  const named = async () => {
    const { share_links } = await stack.api(owner, "GET", "/share-links");
    return share_links.filter(({ name }) => name === "Lost").length;
  };
  expect(await named()).toBe(1);
  await fillLink(page, "Lost");
  await save.click();
  await expect(links(page).filter({ hasText: "Lost" })).toHaveCount(2);
  expect(new Set(keys).size).toBe(2);
  expect(await named()).toBe(2);
});

test("other content is another wish, even after a lost answer", async ({ stack, page, watch }) => {
  watch.allow(failed);
  const owner = await stack.person({ name: "Changing Chad" });
  await openManage(page, owner);
  await openTab(page, "connect");
  /** @type {string[]} */
  const keys = [];
  await answering(page, "POST", "**/share-links", (route, before) => {
    keys.push(route.request().headers()["idempotency-key"]);
    return before < 3 ? route.abort() : route.continue();
  });
  await fillLink(page, "First thought");
  const save = dialog(page).getByRole("button", { name: "Save" });
  await save.click();
  await expect(dialog(page).getByRole("alert")).toBeVisible();
  await dialog(page).getByLabel("Name").fill("Second thought");
  await save.click();
  await expect(links(page).filter({ hasText: "Second thought" })).toBeVisible();
  expect(new Set(keys).size).toBe(2);
});

test("a late answer leaves the dialog alone that was opened meanwhile", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Late Lutz" });
  await openManage(page, owner);
  await openTab(page, "connect");
  const answer = await holdBack(page, "**/share-links", "POST");
  await fillLink(page, "Late");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await links(page)
    .first()
    .getByRole("button", { name: /^Link settings/ })
    .click();
  await dialog(page).getByLabel("Name").fill("In the middle");
  answer();
  await expect(links(page).filter({ hasText: "Late" })).toHaveCount(1);
  await expect(page.getByRole("dialog", { name: "Link settings" }).getByLabel("Name")).toHaveValue("In the middle");
});

test("a failure that comes after its dialog is closed is told", async ({ stack, page, watch }) => {
  watch.allow(answered(409));
  const owner = await stack.person({ name: "Gone Gerd" });
  await openManage(page, owner);
  await openTab(page, "connect");
  await answering(page, "POST", "**/share-links", (route) =>
    route.fulfill({ status: 409, json: { code: "too_many_links" } }),
  );
  const answer = await holdBack(page, "**/share-links", "POST");
  await fillLink(page, "Too many");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  answer();
  await expect(page.getByRole("alert").filter({ hasText: "reached your link limit" })).toBeVisible();
});

test("a fault is said at its field, and one that has no field is said all the same", async ({ stack, page, watch }) => {
  watch.allow(answered(422));
  const person = await stack.person({ name: "Faulty Fritz" });
  const errors = [
    { pointer: "/max_uses", code: "out_of_range" },
    { pointer: "/enabled", code: "taken" },
  ];
  await openManage(page, person);
  await openTab(page, "connect");
  await answering(page, "POST", "**/share-links", (route) =>
    route.fulfill({ status: 422, json: { code: "invalid_input", errors } }),
  );
  await fillLink(page, "Faulty");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expect(dialog(page).getByLabel("Maximum uses")).toHaveAccessibleDescription(/out of range/);
  await expect(dialog(page).getByRole("alert").filter({ hasText: "Already taken." })).toBeVisible();
  await page.keyboard.press("Escape");

  await answering(page, "PATCH", "**/me", (route) =>
    route.fulfill({ status: 422, json: { code: "invalid_input", errors: [{ pointer: "/locale", code: "taken" }] } }),
  );
  await page.getByRole("button", { name: /account$/ }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("main").getByRole("alert").filter({ hasText: "Already taken." })).toBeVisible();
});

test("when more cannot be had, what there is stays, and more comes on another try", async ({ stack, page, watch }) => {
  watch.allow(failed);
  const seeker = await stack.person({ name: "Further Fay" });
  for (let number = 10; number < 35; number += 1) await stack.person({ name: `Further Person${number}` });
  await openManage(page, seeker);
  await search(page, "further person");
  await expect(rows(page, "Results")).toHaveCount(20);
  const more = page.getByRole("button", { name: /^Show more/ });
  await page.route("**/users?*", (route) => route.abort());
  await more.click();
  await expect(page.getByRole("alert").filter({ hasText: "can't be reached" })).toBeVisible();
  await expect(rows(page, "Results")).toHaveCount(20);
  await page.unroute("**/users?*");
  await more.click();
  await expect(rows(page, "Results")).toHaveCount(25);
});

test("who signs in without an account is told so, and can register or be somebody else", async ({
  stack,
  page,
  watch,
}) => {
  watch.allow(answered(403));
  const person = await stack.person({ name: "Erased Erna" });
  await openManage(page, person);
  // As the API answers a good token of somebody who has no account.
  await answering(page, "GET", "**/me", (route) => route.fulfill({ status: 403, json: { code: "not_registered" } }));
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You don't have an account yet");
  await expect(page.getByRole("button", { name: "Sign up" })).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await page.getByRole("button", { name: "Use another account" }).click();
  await expect(page.getByRole("searchbox")).toBeVisible();
});

test("a browser that stores nothing is told that nobody can sign in", async ({ page }) => {
  await page.addInitScript(() => {
    const refuse = {
      get() {
        throw new DOMException("Access is denied", "SecurityError");
      },
    };
    Object.defineProperty(window, "sessionStorage", refuse);
    Object.defineProperty(window, "localStorage", refuse);
  });
  await page.goto("/");
  await page.getByRole("button", { name: "日本語" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(
    page.getByRole("alert").filter({ hasText: "Your browser doesn't allow this page to store data" }),
  ).toBeVisible();
});

test("a page of somebody else in place of an answer is no answer", async ({ stack, page }) => {
  const me = await stack.person({ name: "Hotel Hanna" });
  await openManage(page, me);
  await page.route("**/contact-requests?*", (route) =>
    route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Welcome to our network</h1>" }),
  );
  await openTab(page, "requests");
  const again = page.getByRole("button", { name: "Try again: Received" });
  await expect(again).toBeVisible();
  await page.unroute("**/contact-requests?*");
  await again.click();
  await expect(page.getByText("No pending requests", { exact: true })).toBeVisible();
});

test("while a request is being accepted it can't be declined", async ({ stack, page }) => {
  const me = await stack.person({ name: "Slow Sofie" });
  const asking = await stack.person({ name: "Quick Quentin" });
  await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });
  await openManage(page, me);
  await openTab(page, "requests");
  const answer = await holdBack(page, "**/accept");
  await page.getByRole("button", { name: /^Accept/ }).click();
  await expect(page.getByRole("button", { name: /^Decline/ })).toBeDisabled();
  answer();
  await expect(rows(page, "Received")).toHaveCount(0);
});
