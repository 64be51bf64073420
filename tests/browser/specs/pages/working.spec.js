// What is shown while something is under way.

import { expect, holdBack, test } from "../../fixtures.js";
import { openManage, openTab, rows } from "../../manage.js";
import { signIn } from "../../signing-in.js";

/**
 * What of a button's sign can be seen, and how it comes and moves.
 *
 * @param {Tests.Locator} button
 */
const sign = (button) =>
  button.evaluate((element) => {
    const { opacity, animationName, animationDelay, animationIterationCount } = getComputedStyle(element, "::after");
    return { opacity, animationName, animationDelay, animationIterationCount };
  });

/** @param {Tests.Page} page */
const slow = (page) => page.getByText("This is taking longer than usual…");

for (const reducedMotion of /** @type {const} */ (["no-preference", "reduce"])) {
  test(`a11: a button that works shows it, and says when it takes long (${reducedMotion})`, async ({
    stack,
    visitor,
  }) => {
    const page = await visitor({ reducedMotion });
    const me = await stack.person({ name: "Waiting Willa" });
    await openManage(page, me);
    await openTab(page, "connect");
    const button = rows(page, "Invite and connect").getByRole("button", { name: "Turn off" });
    expect((await sign(button)).animationName).toBe("none");
    const answer = await holdBack(page, "**/share-links/*", "PATCH");
    await button.click();
    await expect(slow(page)).toHaveCount(0);
    await expect.poll(async () => (await sign(button)).opacity).toBe("1");
    expect(await sign(button)).toMatchObject({
      animationName: "seen, turn",
      animationDelay: "0.15s, 0.15s",
      // One turn in no time is no motion.
      animationIterationCount: reducedMotion === "reduce" ? "1" : "1, infinite",
    });
    await expect(button).toHaveText("Turn off");
    await expect(slow(page)).toBeVisible();
    answer();
    await expect(rows(page, "Invite and connect").getByRole("button", { name: "Turn on" })).toBeVisible();
    await expect(slow(page)).toHaveCount(0);
    await expect(page.locator("button[aria-busy=true]")).toHaveCount(0);
  });
}

test("a11: saving in a dialog, a list on its way and a link's page say it too", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Owning Olga" });
  const guest = await stack.person({ name: "Guest Gaby" });
  await openManage(page, owner);
  const list = await holdBack(page, "**/share-links?*", "GET");
  await openTab(page, "connect");
  await expect(page.getByRole("main").getByRole("status").filter({ hasText: "longer than usual" })).toBeVisible();
  list();
  await page.getByRole("button", { name: "New link" }).click();
  const saved = await holdBack(page, "**/share-links", "POST");
  await page.getByRole("dialog").getByLabel("Name").fill("Slowly");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Save" })).toHaveAttribute("aria-busy", "true");
  await expect(page.getByRole("dialog").locator(".slow")).toHaveText("This is taking longer than usual…");
  saved();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const { share_links } = await stack.api(owner, "GET", "/share-links");
  await page.evaluate(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  await page.goto(share_links[0].url);
  await signIn(page, guest);
  const press = page.getByRole("button", { name: "Send request" });
  const redeemed = await holdBack(page, "**/redemptions", "POST");
  await press.click();
  await expect.poll(async () => (await sign(press)).opacity).toBe("1");
  await expect(slow(page)).toBeVisible();
  redeemed();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Request sent");
  await expect(slow(page)).toHaveCount(0);
});
