// The pages of the local stack itself, in the language of who reads them.

import { expect, test } from "../../fixtures.js";
import { press } from "../../signing-in.js";

test.describe("in Japanese", () => {
  test.use({ locale: "ja-JP" });

  test("a20: signing in, the mailbox and a mail are in Japanese", async ({ stack, page }) => {
    const inviter = await stack.person({ name: "招待 する子" });
    await stack.api(inviter, "POST", "/invitations", { emails: ["a20@mail.example"] });
    await stack.mailTo("a20@mail.example");
    await page.goto("/");
    await press(page, "ログイン");
    await expect(page.locator("html")).toHaveAttribute("lang", "ja");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("ログイン");
    await expect(page.getByRole("searchbox", { name: "検索" })).toBeVisible();
    await expect(page.getByRole("button", { name: "登録してログイン" })).toBeVisible();

    await page.goto("/_local/mailbox?to=a20@mail.example");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("メールボックス");
    await page.getByRole("listitem").getByRole("link").click();
    await expect(page.getByText("詳細")).toBeVisible();
    await expect(page.locator("iframe")).toHaveAttribute("title", "メール本文");
  });
});

test("a20: the sign-in page is in the language of the page that leads there", async ({ page }) => {
  await page.goto("/?lang=ja");
  await press(page, "ログイン");
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  await page.getByRole("searchbox").fill("nobody@mail.example");
  await page.getByRole("searchbox").press("Enter");
  await expect(page.getByRole("status")).toHaveText("ユーザーが見つかりません。");
});

test("a21: on a phone the mail is on the first screen", async ({ stack, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const inviter = await stack.person({ name: "Phone Phil" });
  await stack.api(inviter, "POST", "/invitations", { emails: ["a21@mail.example"] });
  await stack.mailTo("a21@mail.example");
  await page.goto("/_local/mailbox?to=a21@mail.example");
  await page.getByRole("listitem").getByRole("link").click();
  const frame = await page.locator("iframe").boundingBox();
  expect(frame?.y).toBeLessThan(480);
});
