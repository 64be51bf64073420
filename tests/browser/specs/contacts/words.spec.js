// The message of a request.

import { expect, test } from "../../fixtures.js";
import { openManage, rows } from "../../manage.js";

test("A21 a long message is cut, and read on demand; a short one is whole", async ({ stack, visitor }) => {
  const me = await stack.person({ name: "Reading Rae" });
  const long = "We met at the fair and talked about the new office. ".repeat(15).trim();
  for (const [name, message] of [
    ["Short Shay", "Hello"],
    ["Long Lou", long],
  ]) {
    const person = await stack.person({ name });
    await stack.api(person, "POST", "/contact-requests", { user_id: me.userId, message });
  }
  const page = await visitor({ viewport: { width: 320, height: 640 } });
  await openManage(page, me, "/#requests");
  const row = rows(page, "Received").filter({ hasText: "Long Lou" });
  const words = row.locator("blockquote");
  await row.getByRole("button", { name: "Read more: Long Lou" }).click();
  await expect(row.getByRole("button", { name: "Show less: Long Lou" })).toHaveAttribute("aria-expanded", "true");
  const height = () => words.evaluate(({ clientHeight }) => clientHeight);
  const whole = await height();
  await row.getByRole("button", { name: "Show less: Long Lou" }).click();
  await expect(row.getByRole("button", { name: "Read more: Long Lou" })).toBeVisible();
  expect(await height()).toBeLessThan(whole / 2);
  const short = rows(page, "Received").filter({ hasText: "Short Shay" });
  await expect(short.locator("blockquote")).toHaveText("Hello");
  await expect(short.getByRole("button", { name: /^Read more/ })).toHaveCount(0);
});
