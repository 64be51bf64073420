// The tabs on a narrow screen: a bar at its lower edge.

import { expect, test } from "../../fixtures.js";
import { openManage, openTab, rows, tabLink } from "../../manage.js";

const labels = {
  "en-GB": ["Contacts", "Requests", "Search", "Invite", "Link"],
  "ja-JP": ["コンタクト", "申請", "検索", "招待", "リンク"],
};
/** @type {["contacts", "requests", "search", "invite", "connect"]} */
const tabs = ["contacts", "requests", "search", "invite", "connect"];

for (const [locale, shown] of Object.entries(labels)) {
  test(`A8 all five tabs are in sight at 320 pixels, ${locale}`, async ({ stack, visitor }) => {
    const page = await visitor({ locale, viewport: { width: 320, height: 640 } });
    const me = await stack.person({ name: `Narrow Nina ${locale}` });
    const asking = await stack.person({ name: `Narrow Nils ${locale}` });
    await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });
    await openManage(page, me, "/#connect");
    await expect(page.getByRole("navigation").locator(".badge")).toHaveText(/1$/);
    const links = page.getByRole("navigation").getByRole("link");
    for (const [index, tab] of tabs.entries()) {
      const link = links.nth(index);
      await expect(link).toHaveAccessibleName(new RegExp(`^${shown[index]}( |$)`));
      await expect(link).toBeInViewport({ ratio: 1 });
      const box = await link.boundingBox();
      expect(box?.width).toBe(64);
      expect(box?.height).toBeGreaterThanOrEqual(44);
      await link.click();
      await expect(link).toHaveAttribute("aria-current", "page");
      await expect(tabLink(page, tab)).toHaveCSS("box-shadow", /inset/);
    }
    await page.emulateMedia({ forcedColors: "active" });
    await expect(links.last()).toHaveCSS("border-top-width", "3px");
    await expect(links.first()).toHaveCSS("border-top-width", "0px");
  });
}

test("A8 nothing hides behind the bar: content, focus and notices", async ({ stack, visitor }) => {
  const page = await visitor({ viewport: { width: 320, height: 640 } });
  const me = await stack.person({ name: "Above Abe" });
  await stack.api(me, "POST", "/invitations", { emails: ["one@bar.example", "two@bar.example"] });
  await stack.idle();
  await openManage(page, me);
  await openTab(page, "invite");
  await expect(rows(page, "Sent invitations")).toHaveCount(2);
  /** @param {Tests.Locator} element */
  const isAbove = async (element) => {
    const [bar, box] = [await page.getByRole("navigation").boundingBox(), await element.boundingBox()];
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
  };
  // From the heading to the end of the page.
  for (let stops = 0; ; stops += 1) {
    await page.keyboard.press("Tab");
    const focused = page.locator("main :focus");
    if ((await focused.count()) === 0) {
      expect(stops).toBeGreaterThan(5);
      break;
    }
    await isAbove(focused);
  }
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await isAbove(rows(page, "Sent invitations").last());
  await rows(page, "Sent invitations")
    .last()
    .getByRole("button", { name: /^Revoke/ })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  const notice = page.locator(".notices");
  await expect(notice).toContainText("Close");
  await isAbove(notice);
});
