// What the colours of the Manage Contacts page tell.

import { expect, test } from "../../fixtures.js";
import { openManage, openTab, rows } from "../../manage.js";

/**
 * The contrast of each avatar's letter, as WCAG 2 reckons it.
 *
 * @param {Tests.Page} page
 */
const contrasts = (page) =>
  page.evaluate(() => {
    /** @param {string} colour */
    const luminance = (colour) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    return Array.from({ length: 8 }, (_, tone) => {
      const avatar = document.createElement("span");
      avatar.className = `person tone-${tone}`;
      document.body.append(avatar);
      const { color, backgroundColor } = getComputedStyle(avatar);
      avatar.remove();
      const [dark = 0, light = 0] = [luminance(color), luminance(backgroundColor)].sort((one, other) => one - other);
      return { backgroundColor, contrast: (light + 0.05) / (dark + 0.05) };
    });
  });

/**
 * A colour as far as it is red: how much more of it there is than of the others.
 *
 * @param {string} colour
 */
const redness = (colour) => {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return red - Math.max(green, blue);
};

/**
 * @param {Tests.Locator} element
 * @param {"color" | "backgroundColor" | "outlineColor"} property
 */
const colourOf = (element, property) => element.evaluate((node, name) => getComputedStyle(node)[name], property);

for (const colorScheme of /** @type {("light" | "dark")[]} */ (["light", "dark"])) {
  test(`A15 red is for harm alone, ${colorScheme}`, async ({ stack, visitor }) => {
    const page = await visitor({ colorScheme });
    const me = await stack.person({ name: "Calm Cora" });
    const asking = await stack.person({ name: `Keen Ken ${colorScheme}` });
    await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });
    await openManage(page, me);
    await openTab(page, "requests");
    expect(redness(await colourOf(page.locator(".badge"), "backgroundColor"))).toBeLessThan(0);
    expect(redness(await colourOf(page.locator(".tabs [aria-current]"), "color"))).toBeLessThan(0);
    expect(redness(await colourOf(rows(page, "Received").locator("button.first"), "backgroundColor"))).toBeLessThan(0);
    await openTab(page, "invite");
    const field = page.getByLabel("Email address 1", { exact: true });
    await field.fill("wrong@");
    expect(redness(await colourOf(field, "outlineColor"))).toBeLessThan(0);
    await page.keyboard.press("Tab");
    expect(redness(await colourOf(page.locator("main .error"), "color"))).toBeGreaterThan(50);

    const tones = await contrasts(page);
    expect(new Set(tones.map(({ backgroundColor }) => backgroundColor)).size).toBe(8);
    for (const { backgroundColor, contrast } of tones) {
      expect(contrast, backgroundColor).toBeGreaterThanOrEqual(4.5);
    }
  });
}

test("A15 a name in Japanese letters has one letter for an avatar, and each person a tone", async ({ stack, page }) => {
  const me = await stack.person({ name: "Calm Carl" });
  for (const name of ["\u4f50\u85e4 \u5065", "Keen Kurt", "\u30b5\u30af\u30e9 Mori"]) {
    const asking = await stack.person({ name });
    await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });
  }
  await openManage(page, me);
  await openTab(page, "requests");
  /** @param {string} name */
  const avatar = (name) => rows(page, "Received").filter({ hasText: name }).locator(".person");
  await expect(avatar("\u4f50\u85e4 \u5065")).toHaveText("\u4f50");
  await expect(avatar("\u30b5\u30af\u30e9 Mori")).toHaveText("\u30b5");
  await expect(avatar("Keen Kurt")).toHaveText("KK");
  const tone = await avatar("Keen Kurt").getAttribute("class");
  expect(tone).toMatch(/^person tone-[0-7]$/);
  await page.reload();
  await expect(avatar("Keen Kurt")).toHaveAttribute("class", tone ?? "");
});
