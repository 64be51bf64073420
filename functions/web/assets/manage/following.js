// Keeps what the page shows true: looks again from time to time, when somebody comes back to it, and when something is
// done in another window of this browser.

import { session } from "./api.js";

/** How often the figures are asked for while the page is in use, and otherwise. */
const OFTEN = 60_000;
const SELDOM = 300_000;
/** How long after the last press a page is in use. */
const IN_USE = 300_000;

/**
 * The link of the tab that is open: a press of it is a wish to see what is new.
 *
 * @param {Event} event
 */
const isOpenTab = ({ target }) => target instanceof Element && target.closest("nav [aria-current=page]") !== null;

/**
 * Follows until the function that this answers is called. Windows of another person are not listened to.
 *
 * @param {{ person: string, ask: () => Promise<Api.Summary | null>, onLeft: () => void }} wish
 */
export const follow = ({ person, ask, onLeft }) => {
  const windows = new BroadcastChannel("contacts");
  const listening = new AbortController();
  const { signal } = listening;
  let used = Date.now();
  let asked = Date.now();
  /** @type {string | undefined} */
  let figures;

  // The figures cost less than the lists, which look again only when these are others.
  const check = async () => {
    asked = Date.now();
    const summary = await ask();
    if (!summary || signal.aborted) return;
    const before = figures;
    figures = JSON.stringify(summary);
    if (figures !== before) session.dispatchEvent(new Event("news"));
  };
  const look = () => {
    figures = undefined;
    check();
  };
  const tick = () => {
    const busy = document.visibilityState === "visible" && Date.now() - used < IN_USE;
    if (busy || Date.now() - asked >= SELDOM) check();
  };
  const timer = setInterval(tick, OFTEN);

  for (const type of ["pointerdown", "keydown"]) {
    document.addEventListener(type, () => (used = Date.now()), { signal, passive: true });
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look(), { signal });
  document.addEventListener("click", (event) => isOpenTab(event) && look(), { signal });
  for (const type of ["acted", "leave"]) {
    session.addEventListener(type, () => windows.postMessage({ type, person }), { signal });
  }
  windows.onmessage = ({ data }) => {
    if (data.person !== person) return;
    if (data.type === "leave") onLeft();
    else look();
  };
  return () => {
    clearInterval(timer);
    listening.abort();
    windows.close();
  };
};
