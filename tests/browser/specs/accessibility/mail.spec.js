// No view of unsubscribing, signing in and the mailbox has a fault that axe-core knows: in Japanese and English, light
// and dark, at 1280 and 320 pixels, where nothing may have to be scrolled sideways either.

import { looking } from "../../axe.js";
import { expect, linkIn, test } from "../../fixtures.js";
import { chooseToBe } from "../../signing-in.js";

test.use({ contextOptions: { reducedMotion: "reduce" } });

for (const locale of ["en-GB", "ja-JP"]) {
  test.describe(locale, () => {
    test.use({ locale });
    const tag = `Axe${locale.slice(0, 2)}`;

    test("unsubscribing, signing in, and the mailbox", async ({ stack, page, watch }) => {
      watch.allow(/^Blocked script execution in '[^']+\/frame/);
      const { look, none } = looking(page);
      const inviter = await stack.person({ name: `Mail ${tag}`, organization: "Axe & Co" });
      const address = `reader-${tag.toLowerCase()}@axe.example`;
      const language = locale.slice(0, 2);
      await stack.api(inviter, "POST", "/invitations", {
        emails: [address],
        message: "こんにちは。\nHello.",
        locale: language === "ja" ? "ja" : "en",
      });
      const [mail] = await stack.mailTo(address);
      await page.goto(linkIn(mail, "u"));
      await look("unsubscribe");
      await page.getByRole("main").getByRole("button").first().click();
      await expect(page.getByRole("status")).toBeVisible();
      await look("unsubscribed");
      await page.goto("/assets/signed-in.html?code=made-up&state=made-up");
      await expect(page.getByRole("alert")).toBeVisible();
      await look("a sign-in that came to nothing");

      await page.goto("/_local/mailbox");
      await look("mailbox");
      await page.goto(`/_local/mailbox?to=${address}`);
      await page.getByRole("listitem").getByRole("link").click();
      const views = page.getByRole("navigation").first().getByRole("link");
      await expect(views).toHaveCount(3);
      for (const view of await views.all()) {
        await view.click();
        await expect(view).toHaveAttribute("aria-current", "page");
        await look(`mailbox: ${await view.textContent()}`);
      }
      await page.goto("/_local/mailbox?to=nobody@axe.example");
      await look("mailbox, empty");

      await page.goto("/");
      await page.getByRole("main").getByRole("button").first().click();
      await expect(page.getByRole("searchbox")).toBeVisible();
      await look("the local sign-in");
      await chooseToBe(page, inviter);
      await expect(page.getByRole("navigation").first()).toBeVisible();
      // The mail itself, as its reader's program shows it.
      await page.goto("about:blank");
      await page.setContent(mail.html);
      await look("a mail", { isMail: true });
      none();
    });
  });
}
