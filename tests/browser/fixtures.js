// What each test has: a stack, visitors with a browser of their own, and a watch over all that their pages do.

import { test as base, expect } from "@playwright/test";

import { startStack } from "./stack.js";

export { expect };

/**
 * Chromium says so by itself, whatever the page makes of it.
 *
 * @param {number} status
 */
export const answered = (status) =>
  new RegExp(`^Failed to load resource: the server responded with a status of ${status}`);

/**
 * The address in a mail that leads to its invitation, or with `u` to unsubscribing.
 *
 * @param {Tests.Mail} mail
 * @param {"i" | "u"} kind
 */
export const linkIn = ({ text }, kind) => text.split(/\s/).find((word) => word.includes(`/${kind}/`)) ?? "";

/**
 * Holds back what a page asks of an address until the function that this answers is called. Then it goes on to what
 * the test has routed it to before, or to the stack. Other methods than `method`, if there is one, are not held back.
 *
 * @param {Tests.Page} page
 * @param {Tests.Address} address
 * @param {string} [method]
 */
export const holdBack = async (page, address, method) => {
  let letGo = () => {};
  /** @type {Promise<void>} */
  const held = new Promise((resolve) => {
    letGo = resolve;
  });
  await page.route(address, async (route) => {
    if (!method || route.request().method() === method) await held;
    await route.fallback();
  });
  return letGo;
};

/**
 * What pages must never do: ask another host for anything, log an error (as Chromium does for what their own policy
 * stops), or throw.
 *
 * @param {string} origin
 */
export const watching = (origin) => {
  /** @type {string[]} */
  const seen = [];
  /** @type {RegExp[]} */
  const allowed = [];
  return {
    seen,
    /**
     * An error that belongs to what the test does.
     *
     * @param {RegExp} pattern
     */
    allow: (pattern) => allowed.push(pattern),
    /** @param {Tests.Context} context */
    context: (context) => {
      /** @param {string} what */
      const say = (what) => {
        if (!allowed.some((pattern) => pattern.test(what))) seen.push(what);
      };
      context.on("request", (request) => {
        const { protocol, origin: to } = new URL(request.url());
        if (!["data:", "blob:", "about:"].includes(protocol) && to !== origin) say(`a request to ${request.url()}`);
      });
      context.on("console", (message) => {
        if (message.type() === "error") say(message.text());
      });
      context.on("weberror", (error) => say(String(error.error())));
    },
  };
};

/**
 * A page may ask for something just as its test ends: what a route makes of that no longer matters.
 *
 * @param {Tests.Context} context
 */
const letRoutesGo = async (context) => {
  for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
};

/** @typedef {{ stack: Tests.Stack, watch: Tests.Watch, visitor: Tests.Visitor }} Fixtures */

const extend = /** @type {typeof base.extend<Fixtures>} */ (base.extend);

export const test = extend({
  // Of each test's own, so that none meets the people, the mails and the clock of another.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture uses.
  stack: async ({}, use) => {
    const stack = await startStack();
    await use(stack);
    await stack.stop();
  },

  baseURL: ({ stack }, use) => use(stack.origin),

  watch: [
    async ({ stack }, use) => {
      const watch = watching(stack.origin);
      await use(watch);
      expect(watch.seen, "requests to other hosts, and errors in the console").toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, watch }, use) => {
    watch.context(context);
    await use(context);
    await letRoutesGo(context);
  },

  // Another visitor: a page in a browser that knows nothing of the first one's.
  visitor: async ({ browser, watch }, use) => {
    /** @type {Tests.Context[]} */
    const contexts = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      watch.context(context);
      return context.newPage();
    });
    for (const context of contexts) {
      await letRoutesGo(context);
      await context.close();
    }
  },
});
