// Lists that come in pages.

import { call, withQuery } from "../api.js";
import { t } from "../language.js";
import {
  AsyncButton,
  Failure,
  focusOn,
  html,
  keepFocus,
  Loading,
  placesNear,
  tell,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "./base.js";
import { useAnotherLook, visible } from "./look.js";

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
  const get = /** @type {(cursor?: string | null) => Promise<Api.Page<N>>} */ (
    (cursor) => call("GET", /** @type {"/contacts"} */ (path && withQuery(path, { ...parameters, cursor })))
  );
  /**
   * A page may have nothing on it and still have a next one. Nothing for a question that is no longer the newest.
   *
   * @param {string | null | undefined} cursor
   * @param {object} question
   */
  const firstWithRows = async (cursor, question) => {
    for (let next = cursor; ; ) {
      const page = await get(next);
      if (newest.current !== question) return null;
      next = page.next_cursor;
      if (page[noun].length > 0 || !next) return page;
    }
  };
  /** @param {string | null} [cursor] */
  const fetchPage = async (cursor) => {
    // An answer to an older question must not replace the answer to a newer one.
    const question = {};
    newest.current = question;
    forget();
    try {
      const page = await firstWithRows(cursor, question);
      if (!page) return;
      /** @type {Api.Lists[N][]} */
      const items = page[noun];
      setList((old) => ({
        // What was changed while the page was on its way stays changed.
        items: cursor ? [...old.items, ...items] : items,
        held: cursor ? old.held : [],
        cursor: page.next_cursor,
        state: "ready",
        of: address,
      }));
    } catch (thrown) {
      if (newest.current !== question) return;
      // The pages so far stay; the button for more says why there are no more.
      if (cursor) throw thrown;
      setList((old) => ({ ...old, state: "failed", problem: /** @type {Page.Problem} */ (thrown) }));
    } finally {
      if (newest.current === question) newest.current = null;
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
      forget();
    };
  }, [address]);
  const { id, forget } = useAnotherLook(noun, {
    list,
    setList,
    get,
    reload,
    isReady: () => address !== null && newest.current === null,
  });
  const shown = visible(list, id);
  return {
    ...list,
    items: shown,
    arrived: list.items.length - shown.length,
    show: () => setList((old) => ({ ...old, held: [] })),
    // The state of the answer to this question, not of the one before.
    state: asked.current === address ? list.state : "loading",
    stale: list.of !== address,
    hasMore: Boolean(list.cursor),
    more: () => fetchPage(list.cursor),
    reload,
    change: (f) => {
      forget();
      setList((old) => ({ ...old, items: f(old.items) }));
    },
  };
};

/**
 * A row may go without a press of its own, as when another window did something: the focus then stays near.
 *
 * @param {Page.Ref} rows
 */
const useFocusKept = (rows) => {
  const focused = rows.current?.contains(document.activeElement) ? document.activeElement : null;
  const places = focused ? placesNear(focused) : [];
  useLayoutEffect(() => {
    if (focused) keepFocus(focused, places);
  });
};

/** How far from the end of a list more of it is asked for. */
const AHEAD = "800px";

/**
 * The button for more, which an `endless` list presses by itself where it comes near; after a failure it is left to who
 * reads.
 *
 * @param {{ label: string, run: () => Promise<void>, endless: boolean }} props
 */
const More = ({ label, run, endless }) => {
  /** @type {Page.Ref} */
  const place = useRef();
  useEffect(() => {
    if (!endless || !place.current) return undefined;
    const observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        run().catch(tell);
      },
      { rootMargin: AHEAD },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return html`
    <p class="more" ref=${place}><${AsyncButton} aria-label=${t("named", t("more"), label)} run=${run}>${t("more")}<//></p>
  `;
};

/**
 * A list with its states: on its way, failed, empty, shown, and more to come.
 *
 * @template T
 * @param {{
 *   of: Page.List<T>,
 *   label: string,
 *   empty: Page.Content,
 *   each: (item: T) => Page.Content,
 *   arrived?: (count: number) => string,
 *   endless?: boolean,
 * }} props `arrived` says how many have come since; `endless`: more comes by itself at the end of what is shown
 */
export const List = ({ of, label, empty, each, arrived = (count) => t("arrived", count), endless = false }) => {
  /** @type {Page.Ref} */
  const rows = useRef();
  useFocusKept(rows);
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
      // What comes by itself takes the focus from nowhere.
      const lost = focused === document.body && button !== focused;
      if (lost || (focused === button && button?.closest(".more")))
        focusOn(last ? last.nextElementSibling : rows.current?.firstElementChild);
    });
  };
  const show = () => {
    const before = new Set(rows.current?.children);
    of.show();
    setTimeout(() => focusOn([...(rows.current?.children ?? [])].find((row) => !before.has(row))));
  };
  return html`
    <p class="arrived" role="status">
      ${of.arrived > 0 && html`<button type="button" onClick=${show}>${arrived(of.arrived)}</button>`}
    </p>
    <ul class="rows" aria-label=${label} aria-busy=${of.state === "loading"} inert=${of.stale} ref=${rows}>
      ${of.items.map(each)}
    </ul>
    ${of.hasMore && !of.stale && html`<${More} key=${of.items.length} label=${label} run=${more} endless=${endless} />`}
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
