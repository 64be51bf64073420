// What is being typed, for this tab only: a session may end in the middle of it, and the way to the issuer and back
// loads the page anew. It has people's addresses in it, so it never outlives the tab, its person or the signing out.

import { useRef, useState } from "./parts/base.js";

const KEPT = "drafts";

/** @type {string | null} */
let owner = null;
/** @type {Record<string, unknown>} */
let drafts = {};

const write = () => {
  try {
    if (Object.keys(drafts).length) sessionStorage.setItem(KEPT, JSON.stringify({ owner, drafts }));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Without room there, it is kept as long as the page is.
  }
};

/**
 * Takes up what this person was typing; what another one left is gone.
 *
 * @param {string} person
 */
export const takeUpDrafts = (person) => {
  if (owner === person) return;
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  } catch {
    // Nothing can be kept there, so nothing was.
  }
  owner = person;
  drafts = kept?.owner === person ? kept.drafts : {};
  write();
};

export const forgetDrafts = () => {
  owner = null;
  drafts = {};
  write();
};

/**
 * A state as of `useState` that is kept under a name until it is `blank` again. Answers `[value, set, keep]`;
 * `keep(other)` keeps something else for the next time, or nothing, and leaves the value as it is.
 *
 * @template T
 * @param {string} name
 * @param {T} blank
 * @returns {[T, (change: T | ((old: T) => T)) => void, (other?: T) => void]}
 */
export const useDraft = (name, blank) => {
  const [value, setValue] = useState(() => /** @type {T} */ (drafts[name] ?? blank));
  const newest = useRef(value);
  /** @param {T} [other] */
  const keep = (other) => {
    const { [name]: _, ...rest } = drafts;
    drafts = other === undefined || JSON.stringify(other) === JSON.stringify(blank) ? rest : { ...rest, [name]: other };
    write();
  };
  /** @param {T | ((old: T) => T)} change */
  const set = (change) => {
    newest.current = change instanceof Function ? change(newest.current) : change;
    keep(newest.current);
    setValue(newest.current);
  };
  return [value, set, keep];
};
