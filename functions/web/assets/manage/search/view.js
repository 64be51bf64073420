// Finding people by name, Chatwork ID or e-mail address, and the one fitting thing to do about each.

import { withQuery } from "../api.js";
import { AtLimit } from "../contacts/limit.js";
import { t } from "../language.js";
import {
  AsyncButton,
  chatworkId,
  Empty,
  html,
  notify,
  Person,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "../parts/base.js";
import { changed, counted, List, useList, without } from "../parts/list.js";
import { Answers, accept, cancel, decline, settle } from "../requests/answers.js";
import { Ask } from "./ask.js";

/**
 * What an answer to a request makes of the relation.
 *
 * @type {Record<Api.Sent["outcome"], Api.Relation>}
 */
const relationAfter = {
  sent: "requested",
  already_pending: "requested",
  connected: "contact",
  already_contact: "contact",
};

/**
 * What is sought, as it was meant: people write an ID with the sign that is before it elsewhere.
 *
 * @param {string | null} text
 */
const meant = (text) => (text ?? "").trim().replace(/^[@\uff20]+\s*/u, "");

/** @param {string} text */
const isAddress = (text) => /^[^\s@\uff20]+[@\uff20][^\s@\uff20]+$/u.test(text);

/**
 * As the API compares addresses and IDs.
 *
 * @param {string} text
 */
const folded = (text) => text.normalize("NFKC").toLowerCase();

/**
 * What to say, and where to go on, where nobody is found.
 *
 * @param {{ q: string, me: Api.Me }} props
 */
const Nobody = ({ q, me }) => {
  if ([me.email, me.chatwork_id ?? ""].map(folded).includes(folded(q))) {
    return html`<${Empty} title=${t("search.self")} text=${t("search.self.text")} />`;
  }
  const invite = isAddress(q)
    ? html`<a class="button first" href=${withQuery("#invite", { to: q })}>${t("search.invite", q)}</a>`
    : html`<a href="#invite">${t("tab.invite")}</a>`;
  return html`
    <${Empty} title=${t("search.none", q)} text=${t("search.none.text")}><p>${invite}</p><//>
  `;
};

/** @typedef {Partial<Pick<Api.FoundUser, "relation" | "request_id">>} Change */

/**
 * @param {{
 *   of: Api.FoundUser,
 *   onChange: (change: Change) => void,
 *   onGone: () => void,
 *   onStale: Page.Work,
 *   onAsk: Page.Work,
 * }} props
 */
const Found = ({ of, onChange, onGone, onStale, onAsk }) => {
  /**
   * @param {Page.Answer} work
   * @param {Api.Relation} relation
   */
  const doing = (work, relation) => async () => {
    // Where there is something to answer, there is a request.
    const came = await settle(work, of.request_id ?? "", of);
    if (came === "done") onChange({ relation });
    if (came === "gone") await onStale();
  };
  /** @type {Page.Answer} */
  const refuse = (id, person) => decline(id, person, onGone);
  /** @type {Partial<Record<Api.Relation, Page.Content>>} */
  const actions = {
    none: html`<${AsyncButton} class="first" aria-label=${t("ask.of", of.name)} run=${onAsk}>${t("ask")}<//>`,
    requested: html`
      <${AsyncButton} aria-label=${t("cancel.of", of.name)} run=${doing(cancel, "none")}>${t("cancel")}<//>
    `,
    awaiting_me: html`
      <${Answers} to=${of} onAccept=${doing(accept, "contact")} onDecline=${doing(refuse, "none")} />
    `,
  };
  return html`
    <${Person} of=${of} facts=${[of.organization_name, chatworkId(of)]}
      actions=${actions[of.relation]}>
      <p class="facts">
        ${of.relation !== "none" && html`<span class="tag strong">${t(`relation.${of.relation}`)}</span>`}
        <span class="tag">${t(`matched.${of.matched_by}`)}</span>
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
  const q = meant(app.query.get("q"));
  const [text, setText] = useState(q);
  const [asking, setAsking] = useState(/** @type {{ person: Api.FoundUser } | null} */ (null));
  /** @type {Page.Ref} */
  const box = useRef();
  const list = useList("users", q ? "/users" : null, { q });
  useEffect(() => box.current?.focus(), []);
  // With the drawing itself: an effect after it would take back the first letters that are typed.
  useLayoutEffect(() => setText(q), [q]);

  /** @param {Event} event */
  const search = (event) => {
    event.preventDefault();
    const wanted = meant(text);
    setText(wanted);
    // The same question once more is a wish to see what has changed.
    if (wanted === q && q) list.state !== "loading" && list.reload();
    // In the address, so that a reload and the way back find it again.
    else location.hash = withQuery("#search", { q: wanted });
  };
  /**
   * @param {Api.FoundUser} person
   * @param {Change} how
   */
  const change = (person, how) => {
    list.change(changed("user_id", person.user_id, how));
    app.refresh();
  };
  /** @param {{ person: Api.FoundUser }} dialog */
  const asked =
    (dialog) =>
    /** @param {Api.Sent} sent */
    ({ outcome, request }) => {
      const { person } = dialog;
      // An answer that comes late finds another dialog open, or none.
      setAsking((open) => (open === dialog ? null : open));
      change(person, { relation: relationAfter[outcome], request_id: request?.request_id });
      notify({ text: t(`outcome.${outcome}`, person.name) });
    };
  return html`
    <form class="bar" role="search" onSubmit=${search}>
      <label class="grow"><span class="visually-hidden">${t("search.label")}</span>
        <input type="search" name="q" required autocomplete="off" ref=${box} placeholder=${t("search.label")} value=${text}
          onInput=${(/** @type {Page.FieldEvent} */ { target }) => setText(target.value)} />
      </label>
      <button class="first">${t("search")}</button>
    </form>
    <${AtLimit} summary=${app.summary} />
    ${
      q
        ? html`<${List} of=${list} label=${t("search.results")}
          each=${(/** @type {Api.FoundUser} */ person) => html`
            <${Found} key=${person.user_id} of=${person} onChange=${(/** @type {Change} */ how) => change(person, how)}
              onGone=${() => list.change(without("user_id", person.user_id))} onStale=${list.reload}
              onAsk=${() => setAsking({ person })} />
          `}
          empty=${html`<${Nobody} q=${q} me=${app.me} />`} />`
        : html`<p class="small">${t("search.hint")}</p>`
    }
    <p class="visually-hidden" role="status">
      ${q && list.state === "ready" && counted(list)}
    </p>
    ${asking && html`<${Ask} person=${asking.person} onClose=${() => setAsking(null)} onAsked=${asked(asking)} />`}
  `;
};
