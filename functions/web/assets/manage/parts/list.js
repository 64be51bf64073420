// Lists that come in pages.

import { call, withQuery } from "../api.js";
import { t } from "../language.js";
import { AsyncButton, Failure, focusOn, html, Loading, useEffect, useRef, useState } from "./base.js";

/**
 * The pages of a list so far. Answers `{items, state, stale, problem, hasMore, more, reload, change}`; `state` is
 * `loading`, `ready` or `failed`; `stale` items answer an older question; `change(f)` maps the items, as after an action
 * on one of them.
 *
 * @param noun the list's name in the answer
 * @param path where it is; nothing is asked for while it is null
 */
export const useList = (noun, path, parameters = {}) => {
  const address = path && withQuery(path, parameters);
  const [list, setList] = useState({ items: [], cursor: null, state: "loading" });
  const newest = useRef();
  const asked = useRef();

  const fetchPage = async (cursor) => {
    // An answer to an older question must not replace the answer to a newer one.
    const question = {};
    newest.current = question;
    try {
      let answer = { next_cursor: cursor };
      do {
        // A page may have nothing on it and still have a next one.
        answer = await call("GET", withQuery(path, { ...parameters, cursor: answer.next_cursor }));
        if (newest.current !== question) return;
      } while (answer[noun].length === 0 && answer.next_cursor);
      setList((old) => ({
        // What was changed while the page was on its way stays changed.
        items: cursor ? [...old.items, ...answer[noun]] : answer[noun],
        cursor: answer.next_cursor,
        state: "ready",
        of: address,
      }));
    } catch (problem) {
      if (newest.current !== question) return;
      // The pages so far stay; the button for more says why there are no more.
      if (cursor) throw problem;
      setList((old) => ({ ...old, state: "failed", problem }));
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

/** A list with its states: on its way, failed, empty, shown, and more to come. */
export const List = ({ of, label, empty, each }) => {
  const rows = useRef();
  if (of.state === "failed") return html`<${Failure} of=${of.problem} again=${of.reload} label=${label} />`;
  if (of.state === "loading" && of.items.length === 0) return html`<${Loading} />`;
  // Rows that were all taken away may be followed by others.
  if (of.items.length === 0 && !of.hasMore) return empty;
  // What comes is read on from its first row, also when the button goes with the last page.
  const more = async () => {
    const [last, button] = [rows.current.lastElementChild, document.activeElement];
    await of.more();
    setTimeout(() => {
      const moved = ![button, document.body].includes(document.activeElement);
      if (!moved) focusOn(last ? last.nextElementSibling : rows.current?.firstElementChild);
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

/** How many there are, for who does not see them appear. */
export const counted = ({ items, hasMore }) => t(hasMore ? "search.count.more" : "search.count", items.length);

/** A list's items without one. */
export const without = (name, value) => (items) => items.filter((item) => item[name] !== value);

/** A list's items with one changed. */
export const changed = (name, value, change) => (items) =>
  items.map((item) => (item[name] === value ? { ...item, ...change } : item));
