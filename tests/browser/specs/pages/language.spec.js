// Japanese and English.

import { expect, test } from "../../fixtures.js";
import { openManage, openTab } from "../../manage.js";

/** @param {Tests.Page} page */
const html = (page) => page.locator("html");

test("the page speaks the browser's language, and the chosen one from then on", async ({ stack, visitor }) => {
  const person = await stack.person({ name: "言葉 花子" });
  const page = await visitor({ locale: "en-GB" });
  await openManage(page, person);
  await openTab(page, "requests");
  await expect(html(page)).toHaveAttribute("lang", "en");
  await page.getByRole("button", { name: "日本語" }).click();
  await expect(html(page)).toHaveAttribute("lang", "ja");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("コンタクト申請");
  await expect(page).toHaveTitle(/コンタクト申請/);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("コンタクト申請");
  await expect(html(page)).toHaveAttribute("lang", "ja");

  const another = await visitor({ locale: "ja-JP" });
  await another.goto("/");
  await expect(another.getByRole("button", { name: "ログイン" })).toBeVisible();
  await expect(html(another)).toHaveAttribute("lang", "ja");
});

test("mails are in the reader's language, by a setting of their own", async ({ stack, page }) => {
  const reader = await stack.person({ name: "Reading Rosa", locale: "ja" });
  const inviter = await stack.person({ name: "Writing Wilma" });
  await openManage(page, reader);
  await page.getByRole("button", { name: /account$/ }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Language of emails to you").selectOption({ label: "English" });
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  await stack.api(inviter, "POST", "/invitations", { emails: [reader.email] });
  const [mail] = await stack.mailTo(reader.email);
  expect(mail.subject).toContain("Writing Wilma would like");
});

test("the language of the address holds until the switch, which holds after a reload", async ({ visitor }) => {
  const page = await visitor({ locale: "en-GB" });
  await page.goto("/?lang=ja");
  await expect(page.getByRole("button", { name: "ログイン" })).toBeVisible();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(html(page)).toHaveAttribute("lang", "en");
});
