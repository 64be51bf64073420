// The browser that is installed: none is downloaded.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** @param {string} path */
const usable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

// Where Chromium is; `CHROME_PATH` says so when it is not on the path.
export const chromium = () => {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const known = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [process.env.CHROME_PATH ?? "", ...known].find((path) => path && usable(path));
  if (!found) throw new Error("Chromium is not installed; CHROME_PATH says where it is");
  return found;
};

// Without a sandbox since tests may run as root; the rest keeps the browser from calling home.
export const browserFlags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];
