// The tabs of the Manage Contacts page as they are loaded at a width: a page that is made narrow keeps some of a wide one.

import { faultsAsLoaded } from "../../axe.js";
import { expect, test } from "../../fixtures.js";
import { openManage } from "../../manage.js";

for (const locale of ["en-GB", "ja-JP"]) {
  for (const width of [320, 412, 1280]) {
    test(`A8 axe finds nothing on a fresh load at ${width} pixels, ${locale}`, async ({ stack, visitor }) => {
      const page = await visitor({ locale, viewport: { width, height: 800 }, reducedMotion: "reduce" });
      const me = await stack.person({ name: `Fresh Fran ${width} ${locale}` });
      const asking = await stack.person({ name: `Fresh Fred ${width} ${locale}` });
      await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });
      await openManage(page, me);
      for (const tab of ["contacts", "requests", "search", "invite", "connect"]) {
        await page.goto(`/?${tab}#${tab}`);
        await expect(page.getByRole("navigation").locator("[aria-current]")).toHaveAttribute("href", `#${tab}`);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.getByRole("navigation").locator(".badge")).toHaveText(/1$/);
        await expect(page.locator(".loading, [aria-busy=true], .qr:empty")).toHaveCount(0);
        expect(await faultsAsLoaded(page), tab).toEqual([]);
      }
    });
  }
}
