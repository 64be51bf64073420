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

test("A21 of many links the newest is first and open, and the others ask for their QR code when they are", async ({
  stack,
  page,
}) => {
  const me = await stack.person({ name: "Plenty Pat" });
  await stack.api(me, "GET", "/share-links");
  for (let number = 1; number <= 7; number += 1) {
    await stack.api(me, "POST", "/share-links", { name: `Fair ${number}` });
  }
  let codes = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/qr.svg")) codes += 1;
  });
  await openManage(page, me, "/#connect");
  const links = rows(page, "Invite and connect");
  await expect(links).toHaveCount(8);
  await expect(links.first()).toContainText("Fair 7");
  await expect(links.first().getByRole("img")).toBeVisible();
  await expect(links.nth(1).getByRole("button")).toHaveCount(0);
  expect(codes).toBe(1);
  await links.nth(1).getByText("Fair 6").click();
  await expect(links.nth(1).getByRole("img")).toBeVisible();
  expect(codes).toBe(2);
});
