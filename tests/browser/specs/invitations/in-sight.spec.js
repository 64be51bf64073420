// What comes of a press on the form of inviting is in sight.

import { expect, holdBack, test } from "../../fixtures.js";
import { checkAddresses, openBulk, openManage } from "../../manage.js";

const windows = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
  { width: 1366, height: 768 },
];

/**
 * How far below the header something ends, and how far above the lower edge, or the bar there.
 *
 * @param {Tests.Locator} element
 */
const room = (element) =>
  element.evaluate((shown) => {
    const { top, bottom } = shown.getBoundingClientRect();
    const header = document.querySelector("header")?.getBoundingClientRect().bottom ?? 0;
    const bar = document.querySelector("nav")?.getBoundingClientRect();
    const end = bar && bar.top > innerHeight / 2 ? bar.top : innerHeight;
    return { above: top - header, below: end - bottom };
  });

for (const viewport of windows) {
  test(`A3 the results are in sight at ${viewport.width} by ${viewport.height}`, async ({ stack, visitor }) => {
    const page = await visitor({ viewport });
    const inviter = await stack.person({ name: `Sighted Sid ${viewport.width}` });
    await openManage(page, inviter, "/#invite");
    const lines = [...Array.from({ length: 20 }, (_, number) => `guest${number}@sight.example`), "nobody@"];
    await (await openBulk(page)).fill(lines.join("\n"));
    await checkAddresses(page);
    const isAtTop = async (/** @type {string} */ name) => {
      const { above } = await room(page.getByRole("heading", { name, exact: true }));
      expect(above).toBeGreaterThanOrEqual(0);
      expect(above).toBeLessThanOrEqual(48);
    };
    const isInSight = async (/** @type {Tests.Locator} */ element) => {
      const { above, below } = await room(element);
      expect(above).toBeGreaterThanOrEqual(0);
      expect(below).toBeGreaterThanOrEqual(0);
    };
    const fix = page.getByRole("button", { name: "Fix and retry 1 line" });
    const send = page.getByRole("button", { name: "Send 20 invitations" });
    await isAtTop("Check results");
    await isInSight(send);
    await isInSight(fix);
    // The list below, on its way, makes the page shorter.
    const answer = await holdBack(page, "**/invitations?state=queued*");
    await send.click();
    await expect(page.getByRole("heading", { name: "Results", exact: true })).toBeFocused();
    await isAtTop("Results");
    await isInSight(page.getByRole("progressbar"));
    await isInSight(fix);
    answer();
    await expect(page.getByText("All sent: 20 of 20")).toBeVisible();
    await isAtTop("Results");
  });
}
