// What a first visit loads, as it comes over the wire, and how it is kept.

import { expect, test } from "../../fixtures.js";

/** @typedef {{ url: string, headers: Record<string, string>, bytes: number, whole: boolean, cached: boolean }} Loaded */

/**
 * Opens an address; answers each response with its size, headers included, and whether it was loaded before.
 *
 * @param {Tests.Page} page
 * @param {string} address
 * @param {Tests.Locator} ready
 */
const visit = async (page, address, ready) => {
  const devtools = await page.context().newCDPSession(page);
  /** @type {Map<string, Loaded>} */
  const loaded = new Map();
  const kept = new Set();
  devtools.on("Network.requestServedFromCache", ({ requestId }) => kept.add(requestId));
  devtools.on("Network.responseReceived", ({ requestId, response: { url, headers, fromDiskCache } }) => {
    if (!url.startsWith("data:"))
      loaded.set(requestId, { url, headers, bytes: 0, whole: false, cached: fromDiskCache || kept.has(requestId) });
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const response = loaded.get(requestId);
    if (response) Object.assign(response, { bytes: encodedDataLength, whole: true });
  });
  await devtools.send("Network.enable");
  await page.goto(address);
  await ready.waitFor();
  await page.waitForLoadState("networkidle");
  await expect.poll(() => [...loaded.values()].filter(({ whole }) => !whole)).toEqual([]);
  await devtools.detach();
  return [...loaded.values()];
};

/**
 * @param {Loaded[]} responses
 * @param {{ bytes: number, requests: number }} most
 */
const check = (responses, { bytes, requests }) => {
  const list = responses.map(({ url, bytes }) => `${bytes} ${new URL(url).pathname}`).join("\n");
  expect(responses.length, list).toBeGreaterThan(1);
  expect(responses.length, list).toBeLessThanOrEqual(requests);
  expect(
    responses.every((response) => response.bytes > 0),
    list,
  ).toBe(true);
  expect(
    responses.reduce((sum, response) => sum + response.bytes, 0),
    list,
  ).toBeLessThan(bytes);
  const assets = responses.filter(({ url }) => new URL(url).pathname.startsWith("/assets/"));
  expect(assets.length, list).toBeGreaterThan(1);
  for (const { url, headers } of assets) {
    const of = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    expect(of["cache-control"], url).toMatch(/max-age=31536000.*immutable/);
    expect(of.etag, url).toMatch(/^(W\/)?"[^"]+"$/);
    expect(of["content-encoding"], url).toMatch(/^(br|gzip)$/);
  }
  return assets;
};

/** @param {Tests.Page} page */
const signInButton = (page) => page.getByRole("button", { name: "Sign in" });

test("the Manage Contacts page: under 60 KB in at most 10 requests", async ({ page, request }) => {
  const [asset] = check(await visit(page, "/", signInButton(page)), { bytes: 60_000, requests: 10 });
  const again = await request.get(asset.url, {
    headers: { "if-none-match": asset.headers.etag ?? asset.headers.ETag },
  });
  expect(again.status()).toBe(304);
});

test("the page behind a link: under 15 KB in at most 3 requests", async ({ stack, page }) => {
  const owner = await stack.person({ name: "高橋 一郎" });
  const { share_links } = await stack.api(owner, "GET", "/share-links");
  check(await visit(page, share_links[0].url, signInButton(page)), { bytes: 15_000, requests: 3 });
});

test("a second visit loads no asset again", async ({ page }) => {
  await visit(page, "/", signInButton(page));
  const responses = await visit(page, "/?again", signInButton(page));
  const loaded = responses.filter(({ cached }) => !cached).map(({ url }) => new URL(url).pathname);
  expect(loaded).toEqual(["/"]);
  expect(responses.length).toBeGreaterThan(2);
});
