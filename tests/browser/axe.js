// axe-core on a view, in both colour schemes and at both widths.

import axe from "axe-core";

const WIDTHS = [1280, 320];
const SCHEMES = ["light", "dark"];

// A mail is no document of its own: its reader's program puts it into one.
const OF_DOCUMENTS = ["landmark-one-main", "region"];

const violations = (page, isMail) =>
  page.evaluate(
    async (disabled) => {
      // A frame that lets no script run cannot be looked into; what is in it is looked at by itself.
      const rules = Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }]));
      const { violations } = await globalThis.axe.run(document, { iframes: false, resultTypes: ["violations"], rules });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
      );
    },
    isMail ? OF_DOCUMENTS : [],
  );

// What axe finds on the view that the page shows, each with where; and whether it has to be scrolled sideways.
export const faultsOf = async (page, view, { isMail = false } = {}) => {
  const faults = [];
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) faults.push(`${view}, ${width} px: ${overflow} px too wide`);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      for (const fault of await violations(page, isMail)) faults.push(`${view}, ${width} px, ${colorScheme}: ${fault}`);
    }
  }
  await page.setViewportSize({ width: WIDTHS[0], height: 800 });
  return faults;
};
