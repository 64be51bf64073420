// The dialog that sends a request.

import { call } from "../api.js";
import { useDraft } from "../drafts.js";
import { t } from "../language.js";
import { AsyncButton, Dialog, Failure, html, useRef } from "../parts/base.js";
import { byField, MessageField, messageFits, useProblem } from "../parts/form.js";

/**
 * A request to somebody, with an optional message.
 *
 * @param {{ person: Page.Someone, onClose: () => void, onAsked: (sent: Api.Sent) => void }} props
 */
export const Ask = ({ person, onClose, onAsked }) => {
  const [message, setMessage, keepMessage] = useDraft(`ask:${person.user_id}`, "");
  const [problem, setProblem] = useProblem();
  /** @type {Page.Ref<HTMLTextAreaElement>} */
  const field = useRef();
  const send = async () => {
    setProblem(null);
    if (!messageFits(message, field)) return;
    try {
      onAsked(await call("POST", "/contact-requests", { user_id: person.user_id, message: message || undefined }));
      keepMessage();
    } catch (found) {
      setProblem(found);
    }
  };
  const leave = () => {
    keepMessage();
    onClose();
  };
  const wrong = byField(problem, ["message"]);
  return html`
    <${Dialog} title=${t("ask.title", person.name)} onClose=${leave}>
      <${MessageField} value=${message} onInput=${setMessage} label=${t("ask.message")} error=${wrong.at.message}
        field=${field} />
      ${wrong.rest && html`<${Failure} of=${wrong.rest} />`}
      <div class="choices">
        <${AsyncButton} class="first" run=${send}>${t("ask.send")}<//>
        <button type="button" class="quiet" onClick=${leave}>${t("dismiss")}</button>
      </div>
    <//>
  `;
};
