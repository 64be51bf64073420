// One's own links on the Manage Contacts page, and what their visitors meet.

import { answered, expect, test } from "../../fixtures.js";
import { openManage, openTab, rows } from "../../manage.js";
import { signIn } from "../../signing-in.js";

/** @param {Tests.Page} page */
const heading = (page) => page.getByRole("heading", { level: 1 });
/** @param {Tests.Locator} link */
const address = (link) => link.getByRole("textbox", { name: "Link" });

test("a link for two: both are connected, the third sees that it is used up", async ({
  stack,
  page,
  visitor,
  watch,
}) => {
  watch.allow(answered(410));
  const owner = await stack.person({ name: "Linking Lina" });
  await openManage(page, owner);
  await openTab(page, "connect");
  await page.getByRole("button", { name: "New link" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Workshop");
  await dialog.getByRole("radio", { name: /^Connect automatically/ }).check();
  await dialog.getByLabel("Maximum uses").fill("2");
  await dialog.getByRole("button", { name: "Save" }).click();
  const link = rows(page, "Invite and connect").filter({ hasText: "Workshop" });
  const url = await address(link).inputValue();

  for (const name of ["Guest One", "Guest Two"]) {
    const guest = await visitor();
    await guest.goto(url);
    await signIn(guest, await stack.person({ name }));
    await guest.getByRole("button", { name: "Add to Contacts" }).click();
    await expect(heading(guest)).toHaveText("You and Linking Lina are now contacts");
  }
  const third = await visitor();
  await third.goto(url);
  await expect(heading(third)).toHaveText("This link has reached its limit");

  await page.reload();
  await expect(link).toContainText("2 / 2");
  await openTab(page, "contacts");
  await expect(rows(page, "Contacts")).toHaveCount(2);
});

test("somebody who waits at a link when it is used up is told when they press", async ({ stack, page, watch }) => {
  watch.allow(answered(410));
  const owner = await stack.person({ name: "Last Lena" });
  const quick = await stack.person({ name: "Quick Quentin" });
  const slow = await stack.person({ name: "Slow Silas" });
  const { url } = await stack.api(owner, "POST", "/share-links", { name: "one", max_uses: 1 });
  await page.goto(url);
  await signIn(page, slow);
  const press = page.getByRole("button", { name: "Send request" });
  await expect(press).toBeVisible();
  await stack.api(quick, "POST", `/invite-links/${url.split("/i/")[1]}/redemptions`);
  await press.click();
  await expect(heading(page)).toHaveText("This link has reached its limit");
});

test("a replaced link is dead at once, its successor works", async ({ stack, page, visitor, watch }) => {
  watch.allow(answered(410));
  const owner = await stack.person({ name: "Rotating Ruth" });
  await openManage(page, owner);
  await openTab(page, "connect");
  const link = rows(page, "Invite and connect");
  const old = await address(link).inputValue();
  await link.getByRole("button", { name: "Reset link" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Reset link" }).click();
  await expect(address(link)).not.toHaveValue(old);
  const guest = await visitor();
  await guest.goto(old);
  await expect(heading(guest)).toHaveText("This link no longer works");
  await guest.goto(await address(link).inputValue());
  await expect(heading(guest)).toContainText("Rotating Ruth");
});

test("a link is switched off and on", async ({ stack, page, visitor, watch }) => {
  watch.allow(answered(410));
  const owner = await stack.person({ name: "Switching Sven" });
  await openManage(page, owner);
  await openTab(page, "connect");
  const link = rows(page, "Invite and connect");
  const url = await address(link).inputValue();
  await link.getByRole("button", { name: "Turn off" }).click();
  await expect(link.getByText("Off", { exact: true })).toBeVisible();
  const guest = await visitor();
  await guest.goto(url);
  await expect(heading(guest)).toHaveText("This link no longer works");
  await link.getByRole("button", { name: "Turn on" }).click();
  await expect(link.getByText("On", { exact: true })).toBeVisible();
  await guest.goto(url);
  await expect(heading(guest)).toContainText("Switching Sven");
});

test("a04: a link that takes nobody cannot be handed out, and says how it takes some again", async ({
  stack,
  page,
}) => {
  const owner = await stack.person({ name: "Dead Dora" });
  // Makes the first link, which is made for who has none.
  await stack.api(owner, "GET", "/share-links");
  await stack.api(owner, "POST", "/share-links", { name: "Short", expires_in_days: 1 });
  const used = await stack.api(owner, "POST", "/share-links", { name: "Used", max_uses: 1, approval: "automatic" });
  const guest = await stack.person({ name: "Dead Dan" });
  await stack.api(guest, "POST", `/invite-links/${used.url.split("/i/")[1]}/redemptions`);
  await openManage(page, owner);
  await page.route(/\/share-links(\?|$)/, async (route) => {
    /** @type {Api.Page<"share_links">} */
    const { share_links, ...rest } = await (await route.fetch()).json();
    const links = share_links.map((link) => (link.name === "Short" ? { ...link, expires_at: new Date(0) } : link));
    await route.fulfill({ json: { share_links: links, ...rest } });
  });
  await openTab(page, "connect");
  const link = (/** @type {string} */ name) => page.getByRole("listitem", { name, exact: true });
  const own = link("Your invite link");
  await expect(own.getByRole("button", { name: "Copy link" })).toBeEnabled();
  await expect(own.getByRole("link", { name: "Save QR code" })).toBeVisible();
  await own.getByRole("button", { name: "Turn off" }).click();
  const on = own.getByRole("button", { name: "Turn on" });
  await expect(on).toBeFocused();
  await expect(own.getByRole("button", { name: /^(Turn|Link)/ })).toHaveText(["Turn on", "Link settings"]);
  for (const [name, said, first] of [
    ["Your invite link", "This link is off", "Turn on"],
    ["Short", "This link has expired", "Link settings"],
    ["Used", "This link has reached its maximum uses", "Link settings"],
  ]) {
    await expect(link(name)).toContainText(said);
    await expect(link(name).getByRole("button", { name: "Copy link" })).toBeDisabled();
    await expect(link(name).getByRole("link", { name: "Save QR code" })).toHaveCount(0);
    await expect(link(name).getByRole("img", { name: /^QR code/ })).toHaveCSS("opacity", "0.2");
    await expect(link(name).locator("button.first")).toHaveText(first);
  }
  await on.click();
  await expect(own.getByRole("button", { name: "Copy link" })).toBeEnabled();
  await expect(own).not.toContainText("This link is off");
  await expect(own.getByRole("img", { name: /^QR code/ })).toHaveCSS("opacity", "1");
});

test("a link is copied, and its QR code drawn", async ({ stack, visitor }) => {
  const owner = await stack.person({ name: "Copying Cleo" });
  const page = await visitor({ permissions: ["clipboard-read", "clipboard-write"] });
  await openManage(page, owner);
  await openTab(page, "connect");
  const link = rows(page, "Invite and connect");
  await link.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Link copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await address(link).inputValue());
  const code = link.getByRole("img", { name: /^QR code/ });
  await expect(code).toBeVisible();
  await expect
    .poll(() => code.evaluate((/** @type {HTMLImageElement} */ image) => image.complete && image.naturalWidth > 0))
    .toBe(true);
});

test("a link that takes nobody any more says why", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Over Olaf" });
  await openManage(page, owner);
  await page.route(/\/share-links(\?|$)/, async (route) => {
    const answer = await (await route.fetch()).json();
    const [link] = answer.share_links;
    const ended = new Date(0).toISOString();
    const share_links = [
      { ...link, link_id: "1", name: "Full", max_uses: 2, uses: 2 },
      { ...link, link_id: "2", name: "Old", expires_at: ended },
    ];
    await route.fulfill({ json: { share_links, next_cursor: null } });
  });
  await page.route("**/qr.svg", (route) => route.fulfill({ contentType: "image/svg+xml", body: "<svg/>" }));
  await openTab(page, "connect");
  await expect(rows(page, "Invite and connect").filter({ hasText: "Full" })).toContainText("Used up");
  await expect(rows(page, "Invite and connect").filter({ hasText: "Old" })).toContainText("Expired");
});
