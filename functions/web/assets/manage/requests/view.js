// Contact requests, those that wait for me and those that I sent.

import { AtLimit } from "../contacts/limit.js";
import { day, known, t } from "../language.js";
import {
  AsyncButton,
  chatworkId,
  Empty,
  html,
  Loading,
  Person,
  useEffect,
  useId,
  useRef,
  useState,
} from "../parts/base.js";
import { List, useList, without } from "../parts/list.js";
import { Answers, accept, cancel, decline, settle } from "./answers.js";

/**
 * Somebody's words, set off as theirs: some lines of them, and the rest on demand.
 *
 * @param {{ of: string, from: string }} props
 */
const Words = ({ of, from }) => {
  const id = useId();
  /** @type {Page.Ref} */
  const words = useRef();
  const [whole, setWhole] = useState(false);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const shown = words.current;
    if (!shown || whole) return undefined;
    // How many lines it takes depends on the width, which changes when a phone is turned.
    const observer = new ResizeObserver(() => setLong(shown.scrollHeight > shown.clientHeight));
    observer.observe(shown);
    return () => observer.disconnect();
  }, [of, whole]);
  const label = t(whole ? "requests.less" : "requests.whole");
  return html`
    <blockquote id=${id} class=${whole ? "" : "cut"} ref=${words}>${of}</blockquote>
    ${
      (isLong || whole) &&
      html`<button type="button" class="quiet" aria-expanded=${whole} aria-controls=${id}
        aria-label=${t("named", label, from)} onClick=${() => setWhole(!whole)}>${label}</button>`
    }
  `;
};

/** @param {{ of: Api.ContactRequest, direction: Api.Direction }} props */
const Facts = ({ of, direction }) => html`
  <p class="facts">
    <span class="tag">${known(`origin.${of.origin}.${direction}`, `origin.${of.origin}`, "origin.search")}</span>
    <span>${t("requests.sent_on", day(of.created_at))}</span>
    <span>${t("requests.until", day(of.expires_at))}</span>
  </p>
`;

/**
 * @typedef {(work: Page.Answer) => Page.Work} Doing
 *
 * @param {{
 *   direction: Api.Direction,
 *   list: Page.List<Api.ContactRequest>,
 *   app: Page.App,
 *   actionsOf: (user: Api.Person, doing: Doing) => Page.Content,
 *   empty: Page.Content,
 * }} props
 */
const Requests = ({ direction, list, app, actionsOf, empty }) => {
  /** @param {Api.ContactRequest} request */
  const each = (request) => {
    const { request_id: id, user } = request;
    // What is no longer there for me leaves the list too.
    /** @type {Doing} */
    const doing = (work) => async () => {
      if ((await settle(work, id, user)) === null) return;
      list.change(without("request_id", id));
      app.refresh();
    };
    return html`
      <${Person} key=${id} of=${user} facts=${[user.organization_name, chatworkId(user)]}
        actions=${actionsOf(user, doing)}>
        ${request.message && html`<${Words} of=${request.message} from=${user.name} />`}
        <${Facts} of=${request} direction=${direction} />
      <//>
    `;
  };
  return html`
    <section aria-labelledby=${direction}>
      <h2 id=${direction}>${t(`requests.${direction}`)}</h2>
      <${List} of=${list} label=${t(`requests.${direction}`)} each=${each} empty=${empty}
        arrived=${(/** @type {number} */ count) => t("requests.arrived", count)} />
    </section>
  `;
};

/** @type {Parameters<typeof Requests>[0]["actionsOf"]} */
const incomingActions = (user, doing) => html`
  <${Answers} to=${user} onAccept=${doing(accept)} onDecline=${doing(decline)} />
`;

/** @type {Parameters<typeof Requests>[0]["actionsOf"]} */
const outgoingActions = (user, doing) => html`
  <${AsyncButton} class="quiet" aria-label=${t("cancel.of", user.name)} run=${doing(cancel)}>${t("cancel")}<//>
`;

/**
 * The view: both lists appear together, so that the second does not move.
 *
 * @param {{ app: Page.App }} props
 */
export default ({ app }) => {
  const incoming = useList("contact_requests", "/contact-requests", { direction: "incoming" });
  const outgoing = useList("contact_requests", "/contact-requests", { direction: "outgoing" });
  const shown = useRef(false);
  shown.current ||= incoming.state !== "loading" && outgoing.state !== "loading";
  if (!shown.current) return html`<${Loading} />`;
  return html`
    <${AtLimit} summary=${app.summary} />
    <${Requests} direction="incoming" list=${incoming} app=${app} actionsOf=${incomingActions}
      empty=${html`<${Empty} title=${t("requests.no_incoming")} text=${t("requests.no_incoming.text")} />`} />
    <${Requests} direction="outgoing" list=${outgoing} app=${app} actionsOf=${outgoingActions}
      empty=${html`<${Empty} title=${t("requests.no_outgoing")}><p><a href="#search">${t("tab.search")}</a></p><//>`} />
  `;
};
