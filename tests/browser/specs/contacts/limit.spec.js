// The limit of external contacts.

import { answered, expect, test } from "../../fixtures.js";
import { openManage, openTab, rows, search } from "../../manage.js";

test("A21 the limit is said above requests and results, and with what fails because of it", async ({
  stack,
  page,
  watch,
}) => {
  watch.allow(answered(409));
  const me = await stack.person({ name: "Limited Liv" });
  const asking = await stack.person({ name: "Asking Abe" });
  await stack.api(asking, "POST", "/contact-requests", { user_id: me.userId });
  await page.route("**/contacts/summary", async (route) => {
    const answer = await route.fetch();
    const summary = await answer.json();
    const contacts = { ...summary.contacts, external: 1, external_limit: 1 };
    await route.fulfill({ response: answer, json: { ...summary, contacts } });
  });
  await page.route("**/accept", (route) => route.fulfill({ status: 409, json: { code: "at_limit" } }));
  await openManage(page, me, "/#requests");
  await expect(page.getByRole("main")).toContainText("You've reached your limit of external contacts (1).");
  await rows(page, "Received")
    .getByRole("button", { name: /^Accept/ })
    .click();
  const notice = page.locator(".notices");
  await expect(notice.getByRole("alert")).toContainText("limit");
  await notice.getByRole("link", { name: "See external contacts" }).click();
  await expect(page.getByRole("combobox", { name: "Contacts to show" })).toHaveValue("external");
  await expect(notice.getByRole("alert")).toHaveText("");
  await search(page, "Asking Abe");
  await page.getByRole("main").getByRole("link", { name: "See external contacts" }).click();
  await expect(page).toHaveURL(/#contacts\?kind=external$/);
  await openTab(page, "contacts");
});
