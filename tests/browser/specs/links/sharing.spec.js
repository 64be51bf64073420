// How a link is handed on.

import { expect, test } from "../../fixtures.js";
import { openManage, rows } from "../../manage.js";

test("A21 connecting automatically warns as long as nothing ends the link", async ({ stack, page }) => {
  const me = await stack.person({ name: "Careful Cy" });
  await openManage(page, me, "/#connect");
  await page.getByRole("button", { name: "New link" }).click();
  const dialog = page.getByRole("dialog");
  const warning = dialog.getByRole("status").filter({ hasText: "people you don't know" });
  await expect(dialog.getByRole("radio", { name: /^I approve/ })).toBeChecked();
  await expect(warning).toHaveCount(0);
  await dialog.getByRole("radio", { name: /^Connect automatically/ }).check();
  await expect(warning).toBeVisible();
  await dialog.getByLabel("Maximum uses").fill("5");
  await expect(warning).toHaveCount(0);
});

test("A21 on a phone Copy link is as wide as the address", async ({ stack, visitor }) => {
  const me = await stack.person({ name: "Copying Cleo" });
  const page = await visitor({ viewport: { width: 320, height: 640 } });
  await openManage(page, me, "/#connect");
  const link = rows(page, "Invite and connect").first();
  const width = async (/** @type {Tests.Locator} */ part) => (await part.boundingBox())?.width;
  const copy = await width(link.getByRole("button", { name: /^Copy link/ }));
  expect(copy).toBe(await width(link.getByRole("textbox")));
  expect(copy).toBeGreaterThan(200);
});
