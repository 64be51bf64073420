// What the button of a link's page does is said before it is pressed, and a request may bring a message.

import { answered, expect, test } from "../../fixtures.js";
import { signIn } from "../../signing-in.js";

/** @param {Tests.Page} page */
const heading = (page) => page.getByRole("heading", { level: 1 });
/** @param {Tests.Page} page */
const message = (page) => page.getByLabel("Message (optional)");
/**
 * @param {Tests.Stack} stack
 * @param {Tests.Person} owner
 */
const messagesTo = async (stack, owner) => {
  const { contact_requests } = await stack.api(owner, "GET", "/contact-requests?direction=incoming");
  return contact_requests.map(({ message }) => message);
};

test("a17: where pressing connects, the page says so and takes no message", async ({ stack, page }) => {
  const owner = await stack.person({ name: "Open Odile" });
  const { url } = await stack.api(owner, "POST", "/share-links", { name: "fair", approval: "automatic" });
  await page.goto(url);
  await signIn(page, await stack.person({ name: "Guest Gail" }));
  await expect(heading(page)).toHaveText("Add Open Odile to your contacts?");
  await expect(page.getByText("You and Open Odile will be added to each other's contacts.")).toBeVisible();
  await expect(message(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Add to Contacts" }).click();
  await expect(heading(page)).toHaveText("You and Open Odile are now contacts");
});

test("a17: where pressing asks, the page says so and the message goes along", async ({ stack, page, watch }) => {
  watch.allow(answered(401));
  watch.allow(answered(422));
  const owner = await stack.person({ name: "Asked Asa" });
  const { share_links } = await stack.api(owner, "GET", "/share-links");
  const guest = await stack.person({ name: "Guest Gus" });
  await page.goto(share_links[0].url);
  await signIn(page, guest);
  await expect(heading(page)).toHaveText("Send Asked Asa a contact request?");
  await expect(page.getByText("Asked Asa will receive your contact request.")).toBeVisible();

  const send = page.getByRole("button", { name: "Send request" });
  await message(page).fill("x".repeat(1001));
  await send.click();
  await expect(page.getByRole("alert")).toContainText("Use up to 1,000 characters");
  await expect(message(page)).toBeFocused();
  expect(await messagesTo(stack, owner)).toEqual([]);

  // The session ends meanwhile: what was written is there after signing in.
  await message(page).fill("We met at the fair.");
  await page.route("**/redemptions", (route) => route.fulfill({ status: 401, json: {} }), { times: 1 });
  await send.click();
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await signIn(page, guest);
  await expect(message(page)).toHaveValue("We met at the fair.");
  await send.click();
  await expect(heading(page)).toHaveText("Request sent");
  expect(await messagesTo(stack, owner)).toEqual(["We met at the fair."]);
});
