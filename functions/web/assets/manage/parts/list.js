// Lists that come in pages.

import { call, withQuery } from "../api.js";
import { t } from "../language.js";
import { AsyncButton, Failure, focusOn, html, Loading, useEffect, useRef, useState } from "./base.js";

/**
 * The pages of a list so far.
 *
 * @template {keyof Api.Lists} N
 * @param {N} noun the list's name in the answer
 * @param {string | null} path where it is; nothing is asked for while it is null
 * @param {Record<string, string>} parameters
 * @returns {Page.List<Api.Lists[N]>}
 */
export const useList = (noun, path, parameters = {}) => {
  const address = path && withQuery(path, parameters);
  const [list, setList] = useState(/** @type {Page.Pages<Api.Lists[N]>} */ ({ items: [], state: "loading" }));
  const newest = useRef(/** @type {object | null} */ (null));
  const asked = useRef(/** @type {string | null} */ (null));

  // Which list a path leads to is for who calls this to know.
  const get = /** @type {(path: string | null) => Promise<Api.Page<N>>} */ (
    (/** @type {"/contacts"} */ path) => call("GET", path)
  );
  /** @param {string | null} [cursor] */
  const fetchPage = async (cursor) => {
    // An answer to an older question must not replace the answer to a newer one.
    const question = {};
    newest.current = question;
    try {
      let page;
      let next = cursor;
      do {
        // A page may have nothing on it and still have a next one.
        page = await get(path && withQuery(path, { ...parameters, cursor: next }));
        if (newest.current !== question) return;
        next = page.next_cursor;
      } while (page[noun].length === 0 && next);
      /** @type {Api.Lists[N][]} */
      const items = page[noun];
      setList((old) => ({
        // What was changed while the page was on its way stays changed.
        items: cursor ? [...old.items, ...items] : items,
        cursor: next,
        state: "ready",
        of: address,
      }));
    } catch (thrown) {
      if (newest.current !== question) return;
      // The pages so far stay; the button for more says why there are no more.
      if (cursor) throw thrown;
      setList((old) => ({ ...old, state: "failed", problem: /** @type {Page.Problem} */ (thrown) }));
    }
  };

  const reload = () => {
    asked.current = address;
    setList((old) => ({ ...old, state: "loading" }));
    return fetchPage();
  };
  useEffect(() => {
    if (address) reload();
    return () => {
      newest.current = null;
    };
  }, [address]);

  return {
    ...list,
    // The state of the answer to this question, not of the one before.
    state: asked.current === address ? list.state : "loading",
    stale: list.of !== address,
    hasMore: Boolean(list.cursor),
    more: () => fetchPage(list.cursor),
    reload,
    change: (f) => setList((old) => ({ ...old, items: f(old.items) })),
  };
};

/**
 * A list with its states: on its way, failed, empty, shown, and more to come.
 *
 * @template T
 * @param {{ of: Page.List<T>, label: string, empty: Page.Content, each: (item: T) => Page.Content }} props
 */
export const List = ({ of, label, empty, each }) => {
  /** @type {Page.Ref} */
  const rows = useRef();
  if (of.state === "failed") return html`<${Failure} of=${of.problem} again=${of.reload} label=${label} />`;
  if (of.state === "loading" && of.items.length === 0) return html`<${Loading} />`;
  // Rows that were all taken away may be followed by others.
  if (of.items.length === 0 && !of.hasMore) return empty;
  // What comes is read on from its first row, also when the button goes with the last page.
  const more = async () => {
    const [last, button] = [rows.current?.lastElementChild, document.activeElement];
    await of.more();
    setTimeout(() => {
      const focused = document.activeElement;
      if (focused === button || focused === document.body)
        focusOn(last ? last.nextElementSibling : rows.current?.firstElementChild);
    });
  };
  return html`
    <ul class="rows" aria-label=${label} aria-busy=${of.state === "loading"} inert=${of.stale} ref=${rows}>
      ${of.items.map(each)}
    </ul>
    ${
      of.hasMore &&
      !of.stale &&
      html`<p class="more"><${AsyncButton} aria-label=${t("named", t("more"), label)} run=${more}>${t("more")}<//></p>`
    }
  `;
};

/**
 * How many there are, for who does not see them appear.
 *
 * @param {Pick<Page.List<unknown>, "items" | "hasMore">} list
 */
export const counted = ({ items, hasMore }) => t(hasMore ? "search.count.more" : "search.count", items.length);

/**
 * A list's items without one.
 *
 * @template {string} K
 * @param {K} name
 * @param {string} value
 */
export const without =
  (name, value) =>
  /**
   * @template {Record<K, string>} T
   * @param {T[]} items
   */
  (items) =>
    items.filter((item) => item[name] !== value);

/**
 * A list's items with one changed.
 *
 * @template {string} K
 * @template {object} C
 * @param {K} name
 * @param {string} value
 * @param {C} change
 */
export const changed =
  (name, value, change) =>
  /**
   * @template {Record<K, string> & { [name in keyof C]: C[name] | null }} T
   * @param {T[]} items
   */
  (items) =>
    items.map((item) => (item[name] === value ? { ...item, ...change } : item));
