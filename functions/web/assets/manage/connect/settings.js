// What a link may do, in a dialog. Empty numbers are "no limit".

import { at, call } from "../api.js";
import { useDraft } from "../drafts.js";
import { moment, t } from "../language.js";
import { AsyncButton, Dialog, Failure, html, useEffect, useRef } from "../parts/base.js";
import { byField, Field, LineField, nameFits, useProblem } from "../parts/form.js";

const MOST_DAYS = 3_650;
const MOST_USES = 100_000;

/** @param {string | number} text */
const number = (text) => (String(text).trim() === "" ? null : Number(text));

/**
 * The form, what the API says is wrong with it, and how to save it. Without a `link` it makes one.
 *
 * @param {Api.ShareLink | undefined} link
 * @param {(link: Api.ShareLink) => void} onSaved
 */
const useSettings = (link, onSaved) => {
  /** @type {Page.LinkForm} */
  const kept = {
    name: link?.name ?? "",
    approval: link?.approval ?? "owner",
    expires_in_days: "",
    keepExpiry: Boolean(link?.expires_at),
    max_uses: link?.max_uses ?? "",
  };
  const [form, setForm, keepForm] = useDraft(`link:${link?.link_id ?? ""}`, kept);
  const [problem, setProblem] = useProblem();
  /** @type {Page.Ref} */
  const name = useRef();
  // The end that stays as it is.
  const end = form.keepExpiry ? link?.expires_at : null;
  const save = async () => {
    if (!nameFits(form.name, name)) return;
    setProblem(null);
    /** @type {Api.ShareLinkChange} */
    const body = { name: form.name.trim() || null, approval: form.approval, max_uses: number(form.max_uses) };
    if (!end) body.expires_in_days = number(form.expires_in_days);
    try {
      onSaved(
        await (link ? call("PATCH", at("/share-links", link.link_id), body) : call("POST", "/share-links", body)),
      );
      keepForm();
    } catch (found) {
      setProblem(found);
    }
  };
  return { form, setForm, keepForm, end, problem, save, name };
};

/** @type {Api.Approval[]} */
const APPROVALS = ["owner", "automatic"];

/**
 * `open`: nothing ends the link by itself.
 *
 * @param {{ value: Api.Approval, open: boolean, onChange: Page.Input }} props
 */
const Approval = ({ value: chosen, open, onChange }) => html`
  <fieldset>
    <legend>${t("connect.approval")}</legend>
    ${APPROVALS.map(
      (value) => html`
        <label class="option">
          <input type="radio" name="approval" value=${value} checked=${chosen === value} onChange=${onChange} />
          <span>${t(`connect.approval.${value}`)}<span class="hint">${t(`connect.approval.${value}.hint`)}</span></span>
        </label>
      `,
    )}
    <p class="small" role="status">${chosen === "automatic" && open && t("connect.approval.automatic.warning")}</p>
  </fieldset>
`;

/**
 * @param {{
 *   label: string,
 *   error: string | undefined,
 *   most: number,
 *   value: string | number,
 *   onInput: Page.Input,
 *   input: Page.Ref,
 * }} props
 */
const NumberField = ({ label, error, most, value, onInput, input }) => html`
  <${Field} label=${label} hint=${t("connect.no_limit")} error=${error}>
    ${(/** @type {Page.FieldAttributes} */ field) => html`
      <input ...${field} type="number" inputmode="numeric" min="1" max=${most} ref=${input} value=${value}
        onInput=${onInput} />
    `}
  <//>
`;

/**
 * The dialog.
 *
 * @param {{ link?: Api.ShareLink, onClose: () => void, onSaved: (link: Api.ShareLink) => void }} props
 */
export const Settings = ({ link, onClose, onSaved }) => {
  const { form, setForm, keepForm, end, problem, save, name } = useSettings(link, onSaved);
  /** @type {Page.Ref} */
  const expiry = useRef();
  useEffect(() => {
    if (link?.expires_at && !form.keepExpiry) expiry.current?.focus();
  }, [form.keepExpiry]);
  /** @param {keyof Page.LinkForm} name */
  const set =
    (name) =>
    (/** @type {Page.FieldEvent} */ { target }) =>
      setForm({ ...form, [name]: target.value });
  const leave = () => {
    keepForm();
    onClose();
  };
  const wrong = byField(problem, ["name", "expires_in_days", "max_uses"]);
  return html`
    <${Dialog} title=${t(link ? "connect.settings" : "connect.new")} onClose=${leave}>
      <form onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
        <${LineField} label=${t("connect.name")} hint=${t("connect.name.hint")} error=${wrong.at.name} value=${form.name}
          onInput=${set("name")} isName field=${name} />
        <${Approval} value=${form.approval} open=${!end && !number(form.expires_in_days) && !number(form.max_uses)} onChange=${set("approval")} />
        ${
          end
            ? html`<p>${t("connect.expires_at", moment(end))} <button type="button" class="quiet"
              onClick=${() => setForm({ ...form, keepExpiry: false })}>${t("connect.change_expiry")}</button></p>`
            : html`<${NumberField} label=${t("connect.expires_in_days")} error=${wrong.at.expires_in_days} most=${MOST_DAYS}
              value=${form.expires_in_days} onInput=${set("expires_in_days")} input=${expiry} />`
        }
        <${NumberField} label=${t("connect.max_uses")} error=${wrong.at.max_uses} most=${MOST_USES}
          value=${form.max_uses} onInput=${set("max_uses")} />
        ${wrong.rest && html`<${Failure} of=${wrong.rest} />`}
        <div class="choices">
          <${AsyncButton} type="submit" class="first" run=${save}>${t("save")}<//>
          <button type="button" class="quiet" onClick=${leave}>${t("dismiss")}</button>
        </div>
      </form>
    <//>
  `;
};
