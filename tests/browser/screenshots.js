// Takes the pictures of docs/pages.md from the demo data, in both languages, into docs/screenshots. By hand: run
// `cargo test --workspace --no-run` and tests/browser/install before.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium as browserType } from "playwright-core";

import { browserFlags, chromium } from "./chromium.js";
import { signIn } from "./signing-in.js";
import { startStack } from "./stack.js";

const target = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
/** @param {string} name */
const address = (name) => `${name}@demo.example`;
const pasted =
  "Mika <mika@partner.example>\nｔａｒｏ＠partner.example; mika@partner.example\nnobody@\njun@demo.example";

/**
 * English in light colours, Japanese in dark ones.
 *
 * @typedef {{
 *   look: Tests.ContextOptions,
 *   found: { by: string, query: string },
 *   words: { search: string, bulk: string, pasted: Tests.Name, check: string },
 *   invited: string,
 * }} Of
 *
 * @type {Record<Tests.Language, Of>}
 */
const languages = {
  en: {
    look: { locale: "en-GB", colorScheme: "light" },
    found: { by: "ken", query: "tanaka" },
    words: {
      search: "Search",
      bulk: "Bulk Add",
      pasted: "Paste email addresses",
      check: "Check addresses",
    },
    invited: "somebody-new",
  },
  ja: {
    look: { locale: "ja-JP", colorScheme: "dark" },
    found: { by: "aiko", query: "やま" },
    words: {
      search: "検索",
      bulk: "まとめて追加",
      pasted: /まとめて貼り付け/,
      check: "アドレスを確認",
    },
    invited: "new-partner",
  },
};

/**
 * @param {Tests.Page} page
 * @param {string} name
 */
const open = async (page, name) => {
  await page.goto(`/#${name}`);
  await page.getByRole("navigation").locator(`[href="#${name}"][aria-current]`).waitFor();
  await page.waitForLoadState("networkidle");
};

/**
 * Somebody's Manage Contacts page.
 *
 * @param {Tests.Context} context
 * @param {string} name
 */
const signedIn = async (context, name) => {
  const page = await context.newPage();
  await page.goto("/");
  await signIn(page, { email: address(name) });
  await page.getByRole("navigation").getByRole("link").nth(4).waitFor();
  return page;
};

/** @typedef {(context: Tests.Context, of: Of, stack: Tests.Stack) => Promise<Tests.Page>} View */

/** @type {Record<string, View>} */
const views = {
  search: async (context, { words, found }) => {
    const page = await signedIn(context, found.by);
    await open(page, "search");
    await page.getByRole("searchbox").fill(found.query);
    await page.getByRole("button", { name: words.search, exact: true }).click();
    await page.getByRole("main").getByRole("listitem").first().waitFor();
    return page;
  },
  requests: async (context) => {
    const page = await signedIn(context, "aiko");
    await open(page, "requests");
    return page;
  },
  invite: async (context, { words }) => {
    const page = await signedIn(context, "aiko");
    await open(page, "invite");
    await page.getByRole("button", { name: words.bulk }).click();
    await page.getByLabel(words.pasted).fill(pasted);
    await page.getByRole("button", { name: words.check }).click();
    await page.getByRole("table").waitFor();
    return page;
  },
  connect: async (context) => {
    const page = await signedIn(context, "aiko");
    await open(page, "connect");
    await page.getByRole("img").first().waitFor();
    return page;
  },
};

/**
 * On a phone.
 *
 * @type {Record<string, View>}
 */
const narrow = {
  link: async (context, _, stack) => {
    const { access_token: token } = await stack.token(address("aiko"));
    const { share_links } = await stack.api({ token }, "GET", "/share-links");
    const page = await context.newPage();
    await page.goto(share_links[0].url);
    return page;
  },
  mail: async (context, { invited }, stack) => {
    const [mail] = await stack.mailTo(address(invited));
    const page = await context.newPage();
    await page.setContent(mail.html);
    return page;
  },
};

const data = await mkdtemp(join(tmpdir(), "screenshots-"));
const stack = await startStack(["--data", join(data, "stack")]);
const browser = await browserType.launch({ executablePath: chromium(), args: browserFlags });
try {
  await mkdir(target, { recursive: true });
  for (const [language, of] of Object.entries(languages)) {
    for (const { width, shown } of [
      { width: 1000, shown: views },
      { width: 390, shown: narrow },
    ]) {
      for (const [name, view] of Object.entries(shown)) {
        // A browser of its own: in the same one, the next page would be signed in as the person before.
        const viewport = { width, height: 700 };
        const context = await browser.newContext({ ...of.look, baseURL: stack.origin, viewport });
        const page = await view(context, of, stack);
        await page.screenshot({ path: `${target}${name}.${language}.png` });
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await stack.stop();
  await rm(data, { recursive: true });
}
