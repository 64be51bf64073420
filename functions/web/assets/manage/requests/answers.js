// What can be done about a request: accept, decline, or take it back.

import { at, call } from "../api.js";
import { block } from "../contacts/blocks.js";
import { t } from "../language.js";
import { AsyncButton, ask, confirm, html, notify, useState } from "../parts/base.js";

/**
 * Asks how to say no, and says it. Answers what was done, or null; `onBlocked` is called if that is a block.
 *
 * @param {string} requestId
 * @param {Page.Someone} person
 */
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
  if (typeof mode !== "string") return null;
  if (mode === "block") {
    const done = await block(person);
    if (done !== null) onBlocked();
    return done;
  }
  await call("POST", `${at("/contact-requests", requestId)}/decline`, { mode });
  return t("decline.done", person.name);
};

/**
 * Takes a request of one's own back, once that is confirmed. Answers what was done, or null.
 *
 * @param {string} requestId
 * @param {Page.Someone} person
 */
export const cancel = async (requestId, person) => {
  const wanted = await confirm({
    title: t("cancel.title", person.name),
    text: t("cancel.text", person.name),
    label: t("cancel"),
    leave: t("back"),
  });
  if (!wanted) return null;
  await call("DELETE", at("/contact-requests", requestId));
  return t("cancel.done", person.name);
};

/**
 * Accepts. Answers what was done.
 *
 * @param {string} requestId
 * @param {Page.Someone} person
 */
export const accept = async (requestId, person) => {
  await call("POST", `${at("/contact-requests", requestId)}/accept`);
  return t("accept.done", person.name);
};

/**
 * Does one of these about a request, and tells what came of it. Answers `done`, `gone` for a request that is no longer
 * open, or null for what was not wanted after all.
 *
 * @param {Page.Answer} work
 * @param {string} requestId
 * @param {Page.Someone} person
 */
export const settle = async (work, requestId, person) => {
  try {
    const done = await work(requestId, person);
    if (done === null) return null;
    notify({ text: done });
    return "done";
  } catch (thrown) {
    const { status, code } = /** @type {Page.Problem} */ (thrown);
    if (status !== 404 && code !== "not_pending") throw thrown;
    notify({ text: t("requests.gone"), alert: true });
    return "gone";
  }
};

/**
 * The two answers to a request; while one is under way, the other can't be given.
 *
 * @param {{ to: Page.Named, onAccept: Page.Work, onDecline: Page.Work }} props
 */
export const Answers = ({ to, onAccept, onDecline }) => {
  const [given, setGiven] = useState(/** @type {"accept" | "decline" | null} */ (null));
  /**
   * @param {"accept" | "decline"} answer
   * @param {Page.Work} work
   */
  const giving = (answer, work) => async () => {
    setGiven(answer);
    try {
      await work();
    } finally {
      setGiven(null);
    }
  };
  return html`
    <${AsyncButton} class="first" aria-label=${t("accept.of", to.name)} disabled=${given === "decline"}
      run=${giving("accept", onAccept)}>${t("accept")}<//>
    <${AsyncButton} aria-label=${t("decline.of", to.name)} disabled=${given === "accept"}
      run=${giving("decline", onDecline)}>${t("decline")}<//>
  `;
};
