// Working a page by keyboard alone.

import { expect } from "@playwright/test";

// More stops than any page has.
const STOPS = 200;

/**
 * What has the focus, and whether it can be seen to have it.
 *
 * @param {Tests.Page} page
 */
const focus = (page) =>
  page.evaluate(() => {
    const focused = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    return {
      what: focused.outerHTML.slice(0, 120),
      seen: focused === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2),
    };
  });

/**
 * Presses Tab until something has the focus. Each stop on the way must show that it has it.
 *
 * @param {Tests.Page} page
 * @param {Tests.Locator} wanted
 */
export const tabTo = async (page, wanted) => {
  await expect(wanted).toBeVisible();
  await expect(wanted).toBeEnabled();
  // What is there already may still be without its style, which shows the focus.
  await page.waitForLoadState();
  for (let stop = 0; stop < STOPS; stop += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    const { what, seen } = await focus(page);
    expect(seen, `the focus can be seen on ${what}`).toBe(true);
  }
  throw new Error(`Tab never comes to ${wanted}`);
};

/**
 * Goes to something and presses Enter on it.
 *
 * @param {Tests.Page} page
 * @param {Tests.Locator} wanted
 */
export const enter = async (page, wanted) => {
  await tabTo(page, wanted);
  await expect(wanted).toBeFocused();
  await page.keyboard.press("Enter");
};
