// Contact requests, those that wait for me and those that I sent.

import { at, call } from "./api.js";
import { block } from "./contacts.js";
import { day, known, t } from "./language.js";
import { List, useList, without } from "./list.js";
import { Act, Empty, Loading, Person, ask, chatworkId, confirm, html, notify, useRef, useState } from "./parts.js";

/** Somebody's words, set off as theirs. */
const Words = ({ of }) => of && html`<blockquote>${of}</blockquote>`;

const Facts = ({ of, direction }) => html`
  <p class="facts">
    <span class="tag">${known(`origin.${of.origin}.${direction}`, `origin.${of.origin}`, "origin.search")}</span>
    <span>${t("requests.sent_on", day(of.created_at))}</span>
    <span>${t("requests.until", day(of.expires_at))}</span>
  </p>
`;

/** Asks how to say no, and says it. Answers what was done, or null; `onBlocked` is called if that is a block. */
export const decline = async (requestId, person, onBlocked = () => {}) => {
  const mode = await ask({
    title: t("decline.title", person.name),
    text: t("decline.text", person.name),
    choices: [
      { value: "not_now", label: t("decline.not_now"), hint: t("decline.not_now.hint") },
      { value: "never", label: t("decline.never"), hint: t("decline.never.hint") },
      { value: "block", label: t("blocks.block"), hint: t("decline.block.hint"), kind: "danger" },
    ],
  });
  if (mode === null) return null;
  if (mode === "block") {
    const done = await block(person);
    if (done !== null) onBlocked();
    return done;
  }
  await call("POST", `${at("/contact-requests", requestId)}/decline`, { mode });
  return t("decline.done", person.name);
};

/** Takes a request of one's own back, once that is confirmed. Answers what was done, or null. */
export const cancel = async (requestId, person) => {
  const wanted = await confirm({
    title: t("cancel.title", person.name),
    text: t("cancel.text"),
    label: t("cancel"),
  });
  if (!wanted) return null;
  await call("DELETE", at("/contact-requests", requestId));
  return t("cancel.done", person.name);
};

/** Accepts. Answers what was done. */
export const accept = async (requestId, person) => {
  await call("POST", `${at("/contact-requests", requestId)}/accept`);
  return t("accept.done", person.name);
};

/**
 * Does one of these about a request, and tells what came of it. Answers `done`, `gone` for a request that is no longer
 * open, or null for what was not wanted after all.
 */
export const settle = async (work, requestId, person) => {
  try {
    const done = await work(requestId, person);
    if (done === null) return null;
    notify({ text: done });
    return "done";
  } catch (problem) {
    if (problem.status !== 404 && problem.code !== "not_pending") throw problem;
    notify({ text: t("requests.gone"), alert: true });
    return "gone";
  }
};

/** The two answers to a request; while one is under way, the other can't be given. */
export const Answers = ({ to, onAccept, onDecline }) => {
  const [given, setGiven] = useState(null);
  const giving = (answer, work) => async () => {
    setGiven(answer);
    try {
      await work();
    } finally {
      setGiven(null);
    }
  };
  return html`
    <${Act} class="first" aria-label=${t("accept.of", to.name)} disabled=${given === "decline"}
      run=${giving("accept", onAccept)}>${t("accept")}<//>
    <${Act} aria-label=${t("decline.of", to.name)} disabled=${given === "accept"}
      run=${giving("decline", onDecline)}>${t("decline")}<//>
  `;
};

const Requests = ({ direction, list, app, actionsOf, empty }) => {
  const each = (request) => {
    const { request_id: id, user } = request;
    // What is no longer there for me leaves the list too.
    const doing = (work) => async () => {
      if ((await settle(work, id, user)) === null) return;
      list.change(without("request_id", id));
      app.refresh();
    };
    return html`
      <${Person} key=${id} of=${user} facts=${[user.organization_name, chatworkId(user)]}
        actions=${actionsOf(user, doing)}>
        <${Words} of=${request.message} />
        <${Facts} of=${request} direction=${direction} />
      <//>
    `;
  };
  return html`
    <section aria-labelledby=${direction}>
      <h2 id=${direction}>${t(`requests.${direction}`)}</h2>
      <${List} of=${list} label=${t(`requests.${direction}`)} each=${each} empty=${empty} />
    </section>
  `;
};

const incomingActions = (user, doing) => html`
  <${Answers} to=${user} onAccept=${doing(accept)} onDecline=${doing(decline)} />
`;

const outgoingActions = (user, doing) => html`
  <${Act} class="quiet" aria-label=${t("cancel.of", user.name)} run=${doing(cancel)}>${t("cancel")}<//>
`;

/** The view: both lists appear together, so that the second does not move. */
export default ({ app }) => {
  const incoming = useList("contact_requests", "/contact-requests", { direction: "incoming" });
  const outgoing = useList("contact_requests", "/contact-requests", { direction: "outgoing" });
  const shown = useRef(false);
  shown.current ||= incoming.state !== "loading" && outgoing.state !== "loading";
  if (!shown.current) return html`<${Loading} />`;
  return html`
    <${Requests} direction="incoming" list=${incoming} app=${app} actionsOf=${incomingActions}
      empty=${html`<${Empty} title=${t("requests.no_incoming")} text=${t("requests.no_incoming.text")} />`} />
    <${Requests} direction="outgoing" list=${outgoing} app=${app} actionsOf=${outgoingActions}
      empty=${html`<${Empty} title=${t("requests.no_outgoing")}><p><a href="#search">${t("tab.search")}</a></p><//>`} />
  `;
};
