// One's contacts: how many, who, and the two ways to end it; and who is blocked.

import { at, call, withQuery } from "../api.js";
import { day, figure, t } from "../language.js";
import {
  AsyncButton,
  chatworkId,
  confirm,
  Empty,
  html,
  notify,
  Person,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "../parts/base.js";
import { counted, List, useList, without } from "../parts/list.js";
import { Blocked, block } from "./blocks.js";

const FILTER_PAUSE = 300;
/** The most that a page of the API may have. */
const LONGEST_PAGE = "100";

/** @type {(Api.Contact["kind"] | "")[]} */
const KINDS = ["", "internal", "external"];

/**
 * The filter, which is in the address, so that a reload and the way back find it again. What is typed comes there once
 * the typing pauses, and nothing of what an input method still composes.
 *
 * @param {URLSearchParams} query
 */
const useFilter = (query) => {
  const q = query.get("q") ?? "";
  const kind = KINDS.find((value) => value === query.get("kind")) ?? "";
  const [text, setText] = useState(q);
  const [composing, setComposing] = useState(false);
  const put = useRef(q);
  /** @param {{ kind: string }} filter */
  const apply = (filter) => {
    put.current = text.trim();
    location.replace(withQuery("#contacts", { q: put.current, kind: filter.kind }));
  };
  useLayoutEffect(() => {
    // Not what was put there: more may have been typed since.
    if (q !== put.current) setText(q);
    put.current = q;
  }, [q]);
  useEffect(() => {
    if (composing || text.trim() === q) return undefined;
    const timer = setTimeout(() => apply({ kind }), FILTER_PAUSE);
    return () => clearTimeout(timer);
  }, [text, composing, q, kind]);
  return { q, kind, text, setText, setComposing, apply };
};

/**
 * Rooms are kept while the figures are on their way, so that nothing jumps.
 *
 * @param {Pick<Page.App, "summary" | "me">} props
 */
const Counts = ({ summary, me }) => {
  const { contacts, organization } = summary ?? {};
  const limit = contacts?.external_limit;
  /** @param {number | undefined} number */
  const shown = (number) => (number === undefined ? "–" : figure(number));
  return html`
    <dl class="figures" aria-busy=${!summary}>
      <div><dt>${t("contacts.total")}</dt><dd>${shown(contacts?.total)}</dd></div>
      <div><dt>${t("contacts.internal")}</dt><dd>${shown(contacts?.internal)}</dd></div>
      <div>
        <dt>${t("contacts.external")}</dt>
        <dd>${shown(contacts?.external)}${limit != null && html`<small> / ${figure(limit)}</small>`}</dd>
      </div>
    </dl>
    ${
      me.organization &&
      html`<p class="small of-organization">
      ${organization && usersOf(organization)}
    </p>`
    }
  `;
};

/** @param {Api.Organization} organization */
const usersOf = ({ name, users, user_limit: limit }) =>
  limit == null ? t("contacts.organization", name, users) : t("contacts.organization_limited", limit, name, users);

/** @param {{ of: Api.Contact, onGone: (said: string) => void }} props */
const Contact = ({ of, onGone }) => {
  const remove = async () => {
    const wanted = await confirm({
      title: t("contacts.remove.title", of.name),
      text: t("contacts.remove.text", of.name),
      label: t("contacts.remove"),
    });
    if (!wanted) return;
    await call("DELETE", at("/contacts", of.user_id));
    onGone(t("contacts.removed", of.name));
  };
  const blockThem = async () => {
    const done = await block(of);
    if (done !== null) onGone(done);
  };
  const actions =
    of.kind === "external" &&
    html`
      <${AsyncButton} class="quiet" aria-label=${t("contacts.remove.of", of.name)} run=${remove}>${t("contacts.remove")}<//>
      <${AsyncButton} class="quiet" aria-label=${t("blocks.block.of", of.name)} run=${blockThem}>${t("blocks.block")}<//>
    `;
  return html`
    <${Person} of=${of} facts=${[of.organization_name, of.department, chatworkId(of), of.email]} actions=${actions}>
      <p class="facts">
        <span class="tag">${t(`contacts.kind.${of.kind}`)}</span>
        ${of.since && html`<span>${t("contacts.since", day(of.since))}</span>`}
      </p>
    <//>
  `;
};

/**
 * The view.
 *
 * @param {{ app: Page.App }} props
 */
export default ({ app }) => {
  const { q, kind, text, setText, setComposing, apply } = useFilter(app.query);
  const [blocks, setBlocks] = useState(0);
  const list = useList("contacts", "/contacts", { q, kind, limit: LONGEST_PAGE });
  /** @param {Api.Contact} contact */
  const each = (contact) => {
    /** @param {string} said */
    const gone = (said) => {
      list.change(without("user_id", contact.user_id));
      setBlocks((version) => version + 1);
      app.refresh();
      notify({ text: said });
    };
    return html`<${Contact} key=${contact.user_id} of=${contact} onGone=${gone} />`;
  };
  const empty =
    q || kind
      ? html`<${Empty} title=${t("contacts.none_found")} text=${t("contacts.none_found.text")} />`
      : html`<${Empty} title=${t("contacts.none")} text=${t("contacts.none.text")}>
          <p class="choices">
            <a class="button first" href="#search">${t("tab.search")}</a>
            <a class="button" href="#invite">${t("tab.invite")}</a>
          </p>
        <//>`;
  return html`
    <${Counts} summary=${app.summary} me=${app.me} />
    <div class="bar">
      <label class="grow"><span class="visually-hidden">${t("contacts.filter")}</span>
        <input type="search" placeholder=${t("contacts.filter")} value=${text}
          oncompositionstart=${() => setComposing(true)} oncompositionend=${() => setComposing(false)}
          onInput=${(/** @type {Page.FieldEvent} */ { target }) => setText(target.value)} />
      </label>
      <label><span class="visually-hidden">${t("contacts.kind")}</span>
        <select value=${kind} onChange=${(/** @type {Page.FieldEvent} */ { target }) => apply({ kind: target.value })}>
          ${KINDS.map((value) => html`<option value=${value}>${t(`contacts.kind.${value || "all"}`)}</option>`)}
        </select>
      </label>
    </div>
    <${List} of=${list} label=${t("tab.contacts")} each=${each} empty=${empty} endless />
    <p class="visually-hidden" role="status">
      ${(q || kind) && list.state === "ready" && counted(list)}
    </p>
    <${Blocked} version=${blocks} />
  `;
};
