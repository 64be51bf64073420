// What the frame and every view are made of. It comes with the first load of the page, whose requests are counted.

import { Component, h, htm, render, useEffect, useId, useLayoutEffect, useRef, useState } from "../../vendor/preact.js";
import { known, t } from "../language.js";

export { Component, render, useEffect, useId, useLayoutEffect, useRef, useState };

/** Templates. */
export const html = htm.bind(h);

const avatarOrigins = (document.body.dataset.avatars ?? "").split(" ").filter(Boolean);

/** @param {string | null} url */
const originOf = (url) => (url && URL.canParse(url) ? new URL(url).origin : "");

const WITHOUT_INITIALS = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * The first letters of the first and the last word of a name; of one in Chinese, Japanese or Korean letters the first
 * alone, as is usual there.
 *
 * @param {string} name
 */
const initials = (name) => {
  const words = name.split(/\s+/u).filter(Boolean);
  const first = (word = "") => [...new Intl.Segmenter().segment(word)][0]?.segment ?? "";
  return (
    first(words[0]) + (words.length > 1 && !WITHOUT_INITIALS.test(name.trim()) ? first(words.at(-1)) : "")
  ).toUpperCase();
};

const TONES = 8;

/**
 * The tone of somebody's initials: the same wherever they appear.
 *
 * @param {string} userId
 */
const toneOf = (userId) => [...userId].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 65_521, 0) % TONES;

/**
 * A person's picture, if it comes from where pictures may come from, else their initials.
 *
 * @param {{ of: Pick<Api.Person, "user_id" | "name" | "avatar_image_url"> }} props
 */
export const Avatar = ({ of }) =>
  avatarOrigins.includes(originOf(of.avatar_image_url))
    ? html`<img class="person" src=${of.avatar_image_url} alt="" width="44" height="44" loading="lazy"
        referrerpolicy="no-referrer" />`
    : html`<span class=${`person tone-${toneOf(of.user_id)}`} aria-hidden="true">${initials(of.name)}</span>`;

/**
 * Somebody's Chatwork ID as a fact, if there is one.
 *
 * @param {Pick<Api.Person, "chatwork_id">} person
 */
export const chatworkId = ({ chatwork_id: id }) => id && t("chatwork_id", id);

/**
 * A person in a list: who, what there is to know, and what can be done.
 *
 * @param {{ of: Api.Person, facts?: Page.Content[], children: Page.Content, actions: Page.Content }} props
 */
export const Person = ({ of, facts = [], children, actions }) => html`
  <li class="row">
    <${Avatar} of=${of} />
    <div class="about">
      <p class="name">${of.name}</p>
      <p class="facts">${facts.filter(Boolean).map((fact) => html`<span>${fact}</span>`)}</p>
      ${children}
    </div>
    <div class="actions">${actions}</div>
  </li>
`;

/**
 * What the API says went wrong, in the page's language.
 *
 * @param {Page.Problem} problem
 */
export const explain = ({ code, errors = [] }) => {
  const fault = errors[0]?.code ?? code;
  return known(`problem.${fault}`, `problem.${code}`, "problem.failed");
};

/**
 * Whether the same may succeed at another time: what the API refuses for what it is, it refuses again.
 *
 * @param {Page.Problem} problem
 */
const mayPass = ({ status = 0 }) => status < 400 || status >= 500 || status === 408 || status === 429;

/**
 * An error, announced when it appears; `label` tells what is tried `again`, where there may be several.
 *
 * @param {{ of: Page.Problem, again?: Page.Work, label?: string }} props
 */
export const Failure = ({ of, again, label }) => html`
  <div class="failure" role="alert">
    <p>${explain(of)}</p>
    ${again && mayPass(of) && html`<${AsyncButton} aria-label=${label && t("named", t("again"), label)} run=${again}>${t("again")}<//>`}
  </div>
`;

/**
 * Where to go on at the limit of external contacts.
 *
 * @type {NonNullable<Page.Notice["way"]>}
 */
export const OVER_LIMIT = { href: "#contacts?kind=external", label: "contacts.at_limit.show" };

/**
 * An error, told as a notice. Of a session that has ended the whole page tells.
 *
 * @param {unknown} thrown
 */
export const tell = (thrown) => {
  const problem = /** @type {Page.Problem} */ (thrown);
  if (problem.status !== 401)
    notify({ text: explain(problem), alert: true, way: problem.code === "at_limit" ? OVER_LIMIT : undefined });
};

/**
 * Nothing is here: what that means, and where to go on.
 *
 * @param {{ title: string, text?: string, children?: Page.Content }} props
 */
export const Empty = ({ title, text, children }) => html`
  <div class="empty"><p class="name">${title}</p>${text && html`<p>${text}</p>`}${children}</div>
`;

/** How long something may take before more is said than that it is under way. */
const PATIENCE = 4_000;

/**
 * Whether it takes long until something is done.
 *
 * @param {boolean} busy
 */
const useSlow = (busy) => {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setTimeout(() => setSlow(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy]);
  return slow;
};

/**
 * The room of rows that are on their way.
 *
 * @param {{ rows?: number }} props
 */
export const Loading = ({ rows = 4 }) => {
  const slow = useSlow(true);
  return html`
    <div class="loading" role="status">
      <span class=${slow ? "small" : "visually-hidden"}>${t(slow ? "slow" : "loading")}</span>
      ${Array.from({ length: rows }, () => html`<div class="row" aria-hidden="true"><span class="person"></span><i></i></div>`)}
    </div>
  `;
};

/**
 * Gives the focus to something that is no control, without a jump of what is in view already.
 *
 * @param {Element | null | undefined} element
 */
export const focusOn = (element) => {
  if (!(element instanceof HTMLElement)) return;
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
};

/**
 * Where the focus goes on when its button goes: the button's row, the ones beside it, the heading.
 *
 * @param {Element} button
 */
export const placesNear = (button) => {
  const row = button.closest(".row, .card");
  const places = [row, row?.nextElementSibling, row?.previousElementSibling];
  for (let part = button.parentElement; part; part = part.parentElement) {
    places.push(part.querySelector(":scope > :is(h1, h2)"));
  }
  return places;
};

/**
 * Once what had the focus is gone: gives it to the first of these places that is still there.
 *
 * @param {Element} button
 * @param {(Element | null | undefined)[]} places
 */
export const keepFocus = (button, places) => {
  const place = places.find((element) => element?.isConnected);
  if (button.isConnected || document.activeElement !== document.body) return;
  focusOn(place);
};

/**
 * Listens as long as its component is there, with the newest `listener`.
 *
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: Event) => void} listener
 */
export const useListener = (target, type, listener) => {
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => {
    const follow = (/** @type {Event} */ event) => newest.current(event);
    target.addEventListener(type, follow);
    return () => target.removeEventListener(type, follow);
  }, []);
};

/**
 * A button that is busy until its work is done, and can't be pressed meanwhile.
 *
 * @param {{ run: Page.Work, children: Page.Content }} props What else it is given, it is given as a button.
 */
export const AsyncButton = ({ run, children, ...rest }) => {
  const [busy, setBusy] = useState(false);
  const slow = useSlow(busy);
  /** @type {Page.Ref} */
  const button = useRef();
  const press = async () => {
    if (busy || !button.current) return;
    setBusy(true);
    // What went wrong before is tried again, or is of another time.
    shown.notice((old) => (old?.alert ? null : old));
    const [pressed, places] = [button.current, placesNear(button.current)];
    try {
      await run();
    } catch (problem) {
      tell(problem);
    } finally {
      if (button.current) setBusy(false);
      // Once what was done is shown.
      setTimeout(() => keepFocus(pressed, places));
    }
  };
  return html`
    <button type="button" ref=${button} aria-busy=${busy} onClick=${press} ...${rest}>${children}</button>
    ${busy && html`<span class="slow" role="status">${slow && t("slow")}</span>`}
  `;
};

/**
 * A modal dialog. Escape, and its close button, call `onClose`.
 *
 * @param {{ title: string, onClose: () => void, children: Page.Content }} props
 */
export const Dialog = ({ title, onClose, children }) => {
  const id = useId();
  /** @type {Page.Ref<HTMLDialogElement>} */
  const dialog = useRef();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Closing gives the focus back to where it was; what is only taken away keeps it from there.
    return () => shown?.close();
  }, []);
  /** @param {Event} event */
  const cancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`
    <dialog ref=${dialog} aria-labelledby=${id} onCancel=${cancel}>
      <h2 id=${id}>${title}</h2>
      ${children}
    </dialog>
  `;
};

/**
 * Views ask and tell from anywhere; the frame shows it.
 *
 * @type {{
 *   notice: (notice: Page.Notice | null | ((old: Page.Notice | null) => Page.Notice | null)) => void,
 *   question: (asked: Page.Asked) => void,
 * }}
 */
const shown = { notice: () => {}, question: () => {} };

/**
 * Shows a notice; `alert` for what went wrong, `spoken` for what the page itself shows, and only has to be said.
 *
 * @param {Page.Notice} notice
 */
export const notify = (notice) => shown.notice(notice);

/**
 * Asks before something that hurts. Answers the value of the choice that was made, `null` for none.
 *
 * @param {Page.Question} question
 * @returns {Promise<Page.Choice["value"] | null>}
 */
export const ask = (question) => new Promise((resolve) => shown.question({ ...question, resolve }));

/**
 * Asks for one thing; answers whether it is wanted. `leave` is the label of the button that says no, where what is
 * asked about is itself called cancelling.
 *
 * @param {{ title: string, text: string, label: string, leave?: string }} question
 */
export const confirm = async ({ title, text, label, leave }) =>
  (await ask({ title, text, choices: [{ value: true, label, kind: "danger" }], leave })) === true;

/** @param {Page.Asked & { done: () => void }} props */
const Question = ({ title, text, choices, leave = t("dismiss"), resolve, done }) => {
  /** @param {Page.Choice["value"] | null} value */
  const answer = (value) => {
    done();
    resolve(value);
  };
  // What cannot be undone is not what the first key press does.
  const hurts = choices.some(({ kind }) => kind === "danger");
  return html`
    <${Dialog} title=${title} onClose=${() => answer(null)}>
      ${text && html`<p>${text}</p>`}
      <div class="choices">
        ${choices.map(
          ({ value, label, hint, kind }) => html`
            <button type="button" class=${kind} onClick=${() => answer(value)}>
              ${label}${hint && html`<span class="hint">${hint}</span>`}
            </button>
          `,
        )}
        <button type="button" class="quiet" autofocus=${hurts} onClick=${() => answer(null)}>${leave}</button>
      </div>
    <//>
  `;
};

const NOTICE_STAYS = 8_000;

/** Where notices and questions appear: once, in the frame. */
export const Notices = () => {
  const [notice, setNotice] = useState(/** @type {Page.Notice | null} */ (null));
  const [question, setQuestion] = useState(/** @type {Page.Asked | null} */ (null));
  /** @type {Page.Ref} */
  const before = useRef();
  useEffect(() => Object.assign(shown, { notice: setNotice, question: setQuestion }) && undefined, []);
  useEffect(() => {
    // What went wrong stays until it is closed.
    if (!notice || notice.alert) return undefined;
    const timer = setTimeout(() => setNotice(null), NOTICE_STAYS);
    return () => clearTimeout(timer);
  }, [notice]);
  const close = () => {
    setNotice(null);
    const place = before.current?.isConnected ? before.current : document.querySelector("h1");
    setTimeout(() => place?.focus({ preventScroll: true }));
  };
  /** @param {FocusEvent} event */
  const remember = ({ relatedTarget }) => {
    before.current = relatedTarget instanceof HTMLElement ? relatedTarget : null;
  };
  return html`
    <div class=${notice?.alert ? "notices wrong" : "notices"}>
      <div role="status" class=${notice?.spoken ? "visually-hidden" : ""}>
        ${notice && !notice.alert && notice.text}
      </div>
      <div role="alert">${notice?.alert && notice.text}</div>
      ${
        notice &&
        !notice.spoken &&
        html`
          ${notice.way && html`<a href=${notice.way.href} onClick=${() => setNotice(null)}>${t(notice.way.label)}</a>`}
          <button type="button" class="quiet" onFocus=${remember} onClick=${close}>${t("close")}</button>
        `
      }
    </div>
    ${question && html`<${Question} ...${question} done=${() => setQuestion(null)} />`}
  `;
};
