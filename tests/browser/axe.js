// axe-core on a view, in both colour schemes and at both widths.

import { expect } from "@playwright/test";
import axe from "axe-core";

const WIDTHS = [1280, 320];
// A mail is no document of its own: its reader's program puts it into one.
const OF_DOCUMENTS = ["landmark-one-main", "region"];

/** @type {("light" | "dark")[]} */
const SCHEMES = ["light", "dark"];

/**
 * @param {Tests.Page} page
 * @param {boolean} isMail
 */
const violations = (page, isMail) =>
  page.evaluate(
    async (disabled) => {
      // A frame that lets no script run cannot be looked into; what is in it is looked at by itself.
      const rules = Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }]));
      const { violations } = await /** @type {typeof globalThis & { axe: typeof axe }} */ (globalThis).axe.run(
        document,
        { iframes: false, resultTypes: ["violations"], rules },
      );
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
      );
    },
    isMail ? OF_DOCUMENTS : [],
  );

/**
 * Makes the page as wide, and of such colours, and waits until it is.
 *
 * @param {Tests.Page} page
 * @param {number} width
 * @param {"light" | "dark"} colorScheme
 */
const show = async (page, width, colorScheme) => {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  await expect
    .poll(() => page.evaluate(() => [innerWidth, matchMedia("(prefers-color-scheme: dark)").matches]))
    .toEqual([width, colorScheme === "dark"]);
};

/** @param {Tests.Page} page */
const prepare = async (page) => {
  // What is there already may still be without its style; its scripts may never come.
  const isStyled = () => {
    /** @type {NodeListOf<HTMLLinkElement>} */
    const links = document.querySelectorAll("link[rel=stylesheet]");
    return [...links].every((link) => link.sheet);
  };
  await expect.poll(() => page.evaluate(isStyled)).toBe(true);
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
};

/**
 * What axe finds on the view that the page shows, as wide as it was loaded.
 *
 * @param {Tests.Page} page
 */
export const faultsAsLoaded = async (page) => {
  await prepare(page);
  return violations(page, false);
};

/**
 * What axe finds on the view that the page shows, each with where; and whether it has to be scrolled sideways.
 *
 * @param {Tests.Page} page
 * @param {string} view
 */
export const faultsOf = async (page, view, { isMail = false } = {}) => {
  /** @type {string[]} */
  const faults = [];
  await prepare(page);
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      await show(page, width, colorScheme);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const found = await violations(page, isMail);
      if (overflow > 0) found.unshift(`${overflow} px too wide`);
      faults.push(...found.map((fault) => `${view}, ${width} px, ${colorScheme}: ${fault}`));
    }
  }
  await show(page, 1280, "dark");
  return faults;
};

/**
 * Looks at one view after another, and tells in the end of all that is wrong with any.
 *
 * @param {Tests.Page} page
 */
export const looking = (page) => {
  /** @type {string[]} */
  const faults = [];
  return {
    /**
     * @param {string} view
     * @param {Parameters<typeof faultsOf>[2]} [options]
     */
    look: async (view, options) => faults.push(...(await faultsOf(page, view, options))),
    none: () => expect(faults).toEqual([]),
  };
};
