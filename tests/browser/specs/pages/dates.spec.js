// Dates: one form of them, as readers of the browser's own language know it.

import { expect, test } from "../../fixtures.js";
import { openManage, rows } from "../../manage.js";

for (const [locale, list, sent, until] of [
  ["en-GB", "Sent invitations", /Sent \d{1,2} \w+ \d{4}/, /Expires \d{1,2} \w+ \d{4}/],
  ["en-US", "Sent invitations", /Sent \w+ \d{1,2}, \d{4}/, /Expires \w+ \d{1,2}, \d{4}/],
  ["ja-JP", "送った招待", /\d{4}年\d{1,2}月\d{1,2}日 \d{1,2}:\d{2}に送信/, /\d{4}年\d{1,2}月\d{1,2}日まで有効/],
]) {
  test(`A21 a day has the same form with its time and without, ${locale}`, async ({ stack, visitor }) => {
    const me = await stack.person({ name: "Dating Dee" });
    await stack.api(me, "POST", "/invitations", { emails: ["dated@people.example"] });
    await stack.idle();
    const page = await visitor({ locale: String(locale) });
    await openManage(page, me, "/#invite");
    await expect(rows(page, String(list))).toContainText(sent);
    await expect(rows(page, String(list))).toContainText(until);
  });
}
