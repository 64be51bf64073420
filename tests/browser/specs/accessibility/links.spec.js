// No view of the page behind a link has a fault that axe-core knows: in Japanese and English, light and dark,
// at 1280 and 320 pixels, where nothing may have to be scrolled sideways either.

import { looking } from "../../axe.js";
import { answered, expect, test } from "../../fixtures.js";
import { signIn } from "../../signing-in.js";

test.use({ contextOptions: { reducedMotion: "reduce" } });

// As the API may answer.
const cases = [
  "ask",
  "connect",
  "awaiting_you",
  "request_pending",
  "already_contact",
  "at_limit",
  "used_up",
  "expired",
  "revoked",
  "unknown",
];
const outcomes = ["request_sent", "connected", "already_pending"];

/**
 * Waits for a case, and until the page has said who is signed in.
 *
 * @param {Tests.Page} page
 * @param {string} view
 */
const shown = async (page, view) => {
  await expect(page.locator(`[data-view=${view}]`)).toBeVisible();
  await expect(page.locator("main")).not.toHaveAttribute("aria-busy", "true");
};

for (const locale of ["en-GB", "ja-JP"]) {
  test.describe(locale, () => {
    test.use({ locale });
    const tag = `Axe${locale.slice(0, 2)}`;

    test("the pages behind links", async ({ stack, page, watch }) => {
      watch.allow(answered(404));
      watch.allow(answered(410));
      const { look, none } = looking(page);
      // The clock first: a sign-in lasts an hour of it.
      const hasty = await stack.person({ name: `Hasty ${tag}` });
      const short = await stack.api(hasty, "POST", "/share-links", { name: "short", expires_in_days: 1 });
      await stack.clock(2 * 24 * 3600);
      const owner = await stack.person({ name: `リンク 太郎 ${tag}` });
      const guest = await stack.person({ name: `Guest ${tag}` });
      /** @param {Api.ShareLinkChange} settings */
      const make = (settings) => stack.api(owner, "POST", "/share-links", settings);
      const { url } = await make({ name: "good" });
      const off = await make({ name: "off", enabled: false });
      const full = await make({ name: "full", max_uses: 1 });
      await stack.api(guest, "POST", `/invite-links/${full.url.split("/i/")[1]}/redemptions`);
      const unknown = `/i/${"A".repeat(43)}`;
      for (const [view, address] of Object.entries({
        revoked: off.url,
        used_up: full.url,
        expired: short.url,
        unknown,
      })) {
        await page.goto(address);
        await shown(page, view);
        await look(`link: ${view}`);
      }
      await page.goto(url);
      await look("link: nobody signed in");
      await signIn(page, owner);
      await shown(page, "own_link");
      await look("link: own_link");
      none();
    });

    test("what the page behind a link shows to somebody signed in", async ({ stack, page }) => {
      const { look, none } = looking(page);
      const owner = await stack.person({ name: `リンク 太郎 ${tag}` });
      const { share_links } = await stack.api(owner, "GET", "/share-links");
      const { url } = share_links[0];
      await page.goto(url);
      await signIn(page, await stack.person({ name: `Guest ${tag}` }));
      await expect(page.locator("[data-do=press]")).toBeVisible();

      const answer = {};
      await page.route("**/invite-links/**", (route) => route.fulfill({ json: answer }));
      for (const view of cases) {
        const isEffect = view === "ask" || view === "connect";
        Object.assign(answer, isEffect ? { view: "redeemable", effect: view } : { view, effect: null });
        await page.goto(url);
        await shown(page, view);
        await look(`link: ${view}`);
      }
      Object.assign(answer, { view: "redeemable", effect: "ask" });
      for (const outcome of outcomes) {
        answer.outcome = outcome;
        await page.goto(url);
        await page.locator("button.first").click();
        await shown(page, outcome);
        await look(`link: ${outcome}`);
      }
      none();
    });
  });
}
