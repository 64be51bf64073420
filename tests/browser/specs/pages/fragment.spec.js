// What the fragment of the address opens.

import { expect, test } from "../../fixtures.js";
import { openManage, openTab } from "../../manage.js";

for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty", "nothing"]) {
  test(`fault 12: /#${name} names no view, and shows the contacts`, async ({ stack, page }) => {
    const me = await stack.person({ name: "Lost Lotta" });
    await openManage(page, me, `/#${name}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Contacts");
    await expect(page.getByText("No contacts yet")).toBeVisible();
    await expect(page).toHaveTitle(/^Contacts – /);
    await openTab(page, "requests");
    await expect(page.getByText("No pending requests", { exact: true })).toBeVisible();
  });
}
