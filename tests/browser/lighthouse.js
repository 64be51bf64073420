// Lighthouse, as a phone: the Manage Contacts page and the page behind a link, on a local stack.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

import { browserFlags, chromium } from "./chromium.js";
import { startStack } from "./stack.js";

/** @typedef {Record<string, number>} Scores */

const perfect = { accessibility: 100, "best-practices": 100, performance: 95 };

// A machine that is busy with something else at the moment makes a page slow, or a trace incomplete.
const ATTEMPTS = 3;

/**
 * @param {string} url
 * @param {Scores} least
 * @param {number} port
 */
const measure = async (url, least, port) => {
  const result = await lighthouse(url, {
    port,
    logLevel: "silent",
    output: "json",
    onlyCategories: Object.keys(least),
    throttlingMethod: "simulate",
  });
  if (!result) throw new Error("Lighthouse gives no result");
  const { lhr } = result;
  if (lhr.runtimeError) return { lhr, missed: [], said: lhr.runtimeError.message };
  const scores = Object.entries(least).map(([id, wanted]) => {
    const score = Math.round((lhr.categories[id].score ?? 0) * 100);
    return { id, score, missed: score < wanted };
  });
  const missed = scores.filter((score) => score.missed).map(({ id }) => id);
  return { lhr, missed, said: scores.map(({ id, score }) => `${id} ${score}`).join(", ") };
};

/**
 * What cost a category points.
 *
 * @param {Awaited<ReturnType<typeof measure>>["lhr"]} lhr
 * @param {string} category
 */
const explain = (lhr, category) => {
  for (const { id, weight } of lhr.categories[category].auditRefs) {
    const { score, title, displayValue = "", details } = lhr.audits[id];
    if (!weight || score === null || score === 1) continue;
    console.error(`  ${id}: ${title} ${displayValue}`);
    /** @type {{ node?: { snippet?: string }, description?: string, url?: string }[]} */
    const items = details && "items" in details ? details.items : [];
    for (const item of items) {
      console.error(`    ${item.node?.snippet ?? item.description ?? item.url ?? JSON.stringify(item)}`);
    }
  }
};

/**
 * Whether a page reaches the least score of each category.
 *
 * @param {string} name
 * @param {string} url
 * @param {Scores} least
 * @param {number} port
 */
const check = async (name, url, least, port) => {
  for (let attempt = 1; ; attempt += 1) {
    const { lhr, missed, said } = await measure(url, least, port);
    console.log(`${name}: ${said}`);
    if (!lhr.runtimeError && missed.length === 0) return true;
    if (attempt === ATTEMPTS) {
      console.error(`FAILED: ${name}: it takes ${JSON.stringify(least)}`);
      for (const category of missed) explain(lhr, category);
      return false;
    }
  }
};

const stack = await startStack();
const browser = await launch({ chromePath: chromium(), chromeFlags: browserFlags });
try {
  const owner = await stack.person({ name: "高橋 一郎" });
  const { share_links } = await stack.api(owner, "GET", "/share-links");
  const passed = [
    await check("Manage Contacts page", `${stack.origin}/`, { ...perfect, seo: 100 }, browser.port),
    // Search engines are kept from it.
    await check("link page", share_links[0].url, perfect, browser.port),
  ];
  if (passed.includes(false)) process.exitCode = 1;
} finally {
  browser.kill();
  await stack.stop();
}
