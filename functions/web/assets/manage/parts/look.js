// Another look at a list that is shown, in which nothing moves that has not changed.

import { session } from "../api.js";
import { useListener, useRef } from "./base.js";

/** What tells one item from another. */
const ids = {
  users: "user_id",
  contacts: "user_id",
  contact_requests: "request_id",
  blocks: "user_id",
  invitations: "invitation_id",
  share_links: "link_id",
};

/** How many more than are shown are read to find again what is shown. */
const FARTHER = 100;

/**
 * What a list is after another look at it: whoever is new above what is shown has to wait, as rows must not move under a
 * finger. What comes below moves nothing.
 *
 * @template T
 * @param {Page.Pages<T>} old
 * @param {{ items: T[], cursor: string | null }} found
 * @param {(item: T) => string} id
 */
const merged = (old, found, id) => {
  const known = new Set(visible(old, id).map(id));
  const last = found.items.findLastIndex((item) => known.has(id(item)));
  const held = found.items.slice(0, last + 1).map(id);
  return { ...old, ...found, held: held.filter((name) => !known.has(name)) };
};

/**
 * What of a list is shown: all that has come, where nothing else is left.
 *
 * @template T
 * @param {Page.Pages<T>} list
 * @param {(item: T) => string} id
 */
export const visible = ({ items, held = [] }, id) => {
  const shown = items.filter((item) => !held.includes(id(item)));
  return shown.length > 0 ? shown : items;
};

/**
 * Looks again when there is news. A look that fails is made up for by the next; what was found counts for nothing once
 * it is told to `forget`, as when the list was changed meanwhile.
 *
 * @template {keyof Api.Lists} N
 * @param {N} noun
 * @param {{
 *   list: Page.Pages<Api.Lists[N]>,
 *   setList: (change: (old: Page.Pages<Api.Lists[N]>) => Page.Pages<Api.Lists[N]>) => void,
 *   get: (cursor: string | null) => Promise<Api.Page<N>>,
 *   reload: () => void,
 *   isReady: () => boolean,
 * }} of
 */
export const useAnotherLook = (noun, { list, setList, get, reload, isReady }) => {
  const looking = useRef(/** @type {object | null} */ (null));
  const id = (/** @type {Api.Lists[N]} */ item) =>
    /** @type {string} */ (/** @type {Record<string, unknown>} */ (/** @type {unknown} */ (item))[ids[noun]]);
  const look = async () => {
    if (!isReady()) return;
    if (list.state === "failed") {
      reload();
      return;
    }
    const question = {};
    looking.current = question;
    const missing = new Set(visible(list, id).map(id));
    /** @type {Api.Lists[N][]} */
    const items = [];
    /** @type {string | null} */
    let cursor = null;
    do {
      /** @type {Api.Page<N> | null} */
      const page = await get(cursor).catch(() => null);
      if (!page || looking.current !== question) return;
      items.push(...page[noun]);
      cursor = page.next_cursor;
      for (const item of page[noun]) missing.delete(id(item));
    } while (cursor && missing.size > 0 && items.length < list.items.length + FARTHER);
    setList((old) => merged(old, { items, cursor }, id));
  };
  useListener(session, "news", look);
  return {
    id,
    forget: () => {
      looking.current = null;
    },
  };
};
