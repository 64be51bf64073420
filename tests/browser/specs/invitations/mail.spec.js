// From a mail in the mailbox to a contact.

import { faultsOf } from "../../axe.js";
import { answered, expect, test } from "../../fixtures.js";
import { register, signIn } from "../../signing-in.js";

// Playwright looks into the frame of a mail, which lets no script run.
test.beforeEach(({ watch }) => watch.allow(/^Blocked script execution in '[^']+\/frame/));

/** @param {Tests.Page} page */
const heading = (page) => page.getByRole("heading", { level: 1 });

/**
 * Opens the newest mail to an address as its reader does, and answers what the mail shows.
 *
 * @param {Tests.Page} page
 * @param {string} address
 */
const openMail = async (page, address) => {
  await page.goto("/_local/mailbox");
  await page.getByRole("listitem").filter({ hasText: address }).first().getByRole("link").click();
  return page.frameLocator('iframe[title="The email"]');
};

/**
 * Follows a link of a mail, which opens in a tab of its own, and waits until that is loaded.
 *
 * @param {Tests.Page} page
 * @param {import("@playwright/test").FrameLocator} mail
 * @param {Tests.Name} name
 */
const follow = async (page, mail, name) => {
  const opened = page.waitForEvent("popup");
  await mail.getByRole("link", { name }).click();
  const landing = await opened;
  await landing.waitForLoadState();
  return landing;
};

/**
 * @param {Tests.Stack} stack
 * @param {Tests.Person} inviter
 * @param {string} address
 * @param {string} [message]
 */
const invite = async (stack, inviter, address, message) => {
  await stack.api(inviter, "POST", "/invitations", { emails: [address], message, locale: "en" });
  await stack.idle();
};

test("who is invited registers, comes back to the link, presses, and is connected", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Inviting Ines", organization: "Ines Ltd" });
  await invite(stack, inviter, "newcomer@mail.example", "Shall we meet?");
  const mail = await openMail(page, "newcomer@mail.example");
  await expect(mail.locator("body")).toContainText("Inviting Ines");
  await expect(mail.locator("body")).toContainText("Shall we meet?");
  const landing = await follow(page, mail, /invitation/i);
  await expect(heading(landing)).toContainText("Inviting Ines");

  await landing.getByRole("button", { name: "Sign up" }).click();
  await register(landing, { name: "New Nora", email: "newcomer@mail.example" });
  await landing.getByRole("button", { name: "Add to Contacts" }).click();
  await expect(heading(landing)).toHaveText("You and Inviting Ines are now contacts");
  const { contacts } = await stack.api(inviter, "GET", "/contacts");
  expect(contacts.map(({ name }) => name)).toEqual(["New Nora"]);
});

test("pressed by somebody else it sends a request, and stays open for who is invited", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Inviting Ivan" });
  const other = await stack.person({ name: "Other Otto" });
  await invite(stack, inviter, "awaited@mail.example");
  const mail = await openMail(page, "awaited@mail.example");
  const landing = await follow(page, mail, /invitation/i);
  await signIn(landing, other);
  await landing.getByRole("button", { name: "Send request" }).click();
  await expect(heading(landing)).toHaveText("Request sent");
  const { contact_requests } = await stack.api(inviter, "GET", "/contact-requests?direction=incoming");
  expect(contact_requests.map(({ user }) => user.name)).toEqual(["Other Otto"]);
  const { invitations } = await stack.api(inviter, "GET", "/invitations");
  expect(invitations.map(({ state }) => state)).toEqual(["sent"]);
});

test("who has unsubscribed gets no further mail, and the inviter sees no difference", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Inviting Ilse" });
  await invite(stack, inviter, "weary@mail.example");
  const mail = await openMail(page, "weary@mail.example");
  const landing = await follow(page, mail, "Unsubscribe");
  await expect(heading(landing)).toBeVisible();
  await expect(landing).toHaveURL(/\/u\/_$/);
  expect(await stack.mailTo("weary@mail.example")).toHaveLength(1);

  await landing.getByRole("radio", { name: "From anyone" }).check();
  await landing.getByRole("button", { name: "Unsubscribe" }).click();
  await expect(landing.getByRole("status")).toContainText("You won't receive");

  const second = await stack.person({ name: "Inviting Iris" });
  await invite(stack, second, "weary@mail.example");
  expect(await stack.mailTo("weary@mail.example")).toHaveLength(1);
  const { invitations } = await stack.api(second, "GET", "/invitations");
  expect(invitations.map(({ state }) => state)).toEqual(["sent"]);
});

test("abuse is reported from the mail", async ({ stack, page }) => {
  const inviter = await stack.person({ name: "Inviting Igor" });
  await invite(stack, inviter, "annoyed@mail.example");
  const mail = await openMail(page, "annoyed@mail.example");
  const landing = await follow(page, mail, "Report abuse");
  await landing.getByRole("button", { name: "Report abuse" }).click();
  await expect(landing.getByRole("status")).toContainText("Your report was received");
});

test("what could not be stored is pressed again, by who reads and by a machine", async ({
  stack,
  page,
  request,
  watch,
}) => {
  watch.allow(answered(503));
  const inviter = await stack.person({ name: "Inviting Imke" });
  await invite(stack, inviter, "late@mail.example");
  const mail = await openMail(page, "late@mail.example");
  const link = (await mail.getByRole("link", { name: "Unsubscribe" }).getAttribute("href")) ?? "";
  const landing = await follow(page, mail, "Unsubscribe");
  await stack.withoutStore(async () => {
    await landing.getByRole("radio", { name: "From anyone" }).check();
    await landing.getByRole("button", { name: "Unsubscribe" }).click();
    await expect(heading(landing)).toHaveText("The service isn't responding");
    await expect(landing.getByRole("alert")).toContainText("hasn't been saved yet");
    expect(await faultsOf(landing, "unsubscribing failed")).toEqual([]);
    const machine = await request.post(link, { form: { "List-Unsubscribe": "One-Click" } });
    expect(machine.status()).toBe(503);
    expect((await machine.json()).code).toBe("unavailable");
  });
  await landing.getByRole("button", { name: "Try again" }).click();
  await expect(landing.getByRole("status")).toContainText("You won't receive");
  const second = await stack.person({ name: "Inviting Imre" });
  await invite(stack, second, "late@mail.example");
  expect(await stack.mailTo("late@mail.example")).toHaveLength(1);
});
