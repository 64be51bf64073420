import { defineConfig } from "@playwright/test";

import { browserFlags, chromium } from "./chromium.js";

export default defineConfig({
  testDir: "specs",
  outputDir: "../../target/browser-tests",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  // Every wait is for something that happens: these bounds are for a page that hangs, and far from what a machine takes
  // that has something else to do.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: chromium(), args: browserFlags },
    locale: "en-US",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    actionTimeout: 60_000,
    // `--trace on` shows what a test did, at the price of time.
    screenshot: "only-on-failure",
  },
});
