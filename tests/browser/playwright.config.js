import { defineConfig } from "@playwright/test";

import { browserFlags, chromium } from "./chromium.js";

export default defineConfig({
  testDir: "specs",
  outputDir: "../../target/browser-tests",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  // The bound is for a page that hangs: every wait is for something that happens.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: chromium(), args: browserFlags },
    locale: "en-US",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    actionTimeout: 10_000,
    // `--trace on` shows what a test did, at the price of time.
    screenshot: "only-on-failure",
  },
});
