// The form of inviting: addresses in fields or pasted, a message, and the mail's language.

import { t } from "../language.js";
import { AsyncButton, html, notify, useEffect, useRef, useState } from "../parts/base.js";
import { Field, LanguageOptions, MessageField } from "../parts/form.js";
import { hasSeveral, SEPARATORS } from "./lines.js";

/**
 * The form when it is empty.
 *
 * @type {Page.InviteForm}
 */
export const blank = { emails: [""], text: "", bulk: false, message: "", locale: "" };

/**
 * The form as the API takes it. Blank fields stay, so that the report's line numbers are those of the fields.
 *
 * @param {Page.InviteForm} form
 * @param {boolean} dryRun
 */
export const submission = ({ emails, text, bulk, message, locale }, dryRun) => ({
  emails: bulk && emails.every((email) => !email.trim()) ? [] : emails,
  text: bulk ? text : "",
  message,
  locale: locale || undefined,
  dry_run: dryRun,
});

/** @param {Page.InviteForm} form */
export const isEmpty = ({ emails, text, bulk }) => !emails.some((email) => email.trim()) && !(bulk && text.trim());

/**
 * The form with these lines below what is pasted there.
 *
 * @param {Page.InviteForm} form
 * @param {string} lines
 */
export const withLines = (form, lines) => ({
  ...form,
  bulk: true,
  text: [form.bulk && form.text.trimEnd(), lines].filter(Boolean).join("\n"),
});

/**
 * The form with one more address, in a field of its own.
 *
 * @param {Page.InviteForm} form
 * @param {string} address
 */
export const withAddress = (form, address) => ({
  ...form,
  emails: [...form.emails.filter((email) => email.trim() && email !== address), address],
});

/**
 * How many addresses are in the fields; what has none is one that is still to be fixed.
 *
 * @param {string[]} emails
 */
const countOf = (emails) =>
  emails
    .filter((email) => email.trim())
    .reduce((sum, email) => sum + (email.split(SEPARATORS).filter((part) => part.includes("@")).length || 1), 0);

/**
 * @param {{
 *   emails: string[],
 *   marks: Map<number, string>,
 *   onChange: (emails: string[]) => void,
 *   onSeveral: (text: string) => void,
 *   onLeave: (to: EventTarget | null) => void,
 *   group: Page.Ref,
 * }} props
 */
const AddressFields = ({ emails, marks, onChange, onSeveral, onLeave, group }) => {
  /** @type {Page.Ref} */
  const last = useRef();
  const [grown, setGrown] = useState(0);
  useEffect(() => {
    if (grown) last.current?.focus();
  }, [grown]);
  /** @param {number} index */
  const set =
    (index) =>
    (/** @type {Page.FieldEvent} */ { target }) =>
      onChange(emails.map((email, at) => (at === index ? target.value : email)));
  /**
   * A field is one line: the browser would join the lines of what is put into it, and nobody could tell them apart.
   *
   * @param {(event: Page.Put) => DataTransfer | null} dataOf
   */
  const take = (dataOf) => (/** @type {Page.Put} */ event) => {
    const text = dataOf(event)?.getData("text/plain") ?? "";
    if (!hasSeveral(text)) return;
    event.preventDefault();
    onSeveral(text);
  };
  const add = () => {
    onChange([...emails, ""]);
    setGrown((times) => times + 1);
  };
  /** @param {number} index */
  const remove = (index) => () => {
    onChange(emails.length > 1 ? emails.filter((_, at) => at !== index) : [""]);
    setGrown((times) => times + 1);
  };
  return html`
    <fieldset class="addresses" ref=${group}>
      <legend>${t("invite.addresses")}</legend>
      ${emails.map((email, index) => {
        const mark = marks.get(index + 1);
        const wrong = mark && `address-${index}-mark`;
        return html`
          <div class="address">
            <input type="text" inputmode="email" autocomplete="off" spellcheck=${false} autocapitalize="none" value=${email}
              aria-label=${t("invite.address", index + 1)} aria-describedby=${wrong} aria-invalid=${Boolean(mark)}
              placeholder="name@example.com" ref=${index === emails.length - 1 ? last : undefined} onInput=${set(index)}
              onBlur=${(/** @type {FocusEvent} */ { relatedTarget }) => onLeave(relatedTarget)}
              onPaste=${take((event) => event.clipboardData)} onDrop=${take((event) => event.dataTransfer)} />
            ${
              emails.length > 1 &&
              html`<button type="button" class="quiet icon" aria-label=${t("invite.remove_address", index + 1)}
              onClick=${remove(index)}><span aria-hidden="true">✕</span></button>`
            }
            ${mark && html`<p class="error" id=${wrong} role="alert">${mark}</p>`}
          </div>
        `;
      })}
      <button type="button" class="quiet" onClick=${add}>
        <span aria-hidden="true">+</span><span>${t("invite.add_address")}</span>
      </button>
    </fieldset>
  `;
};

/** @typedef {(change: Partial<Page.InviteForm>) => void} SetForm */

/**
 * The text area with its lines counted: the report tells lines by their numbers.
 *
 * @param {{ field: Page.FieldAttributes, value: string, set: SetForm, place: Page.Ref<HTMLTextAreaElement> }} props
 */
const Numbered = ({ field, value, set, place }) => {
  /** @type {Page.Ref} */
  const numbers = useRef();
  const follow = () => {
    if (numbers.current) numbers.current.scrollTop = place.current?.scrollTop ?? 0;
  };
  return html`
    <div class="numbered">
      <div class="numbers" aria-hidden="true" ref=${numbers}>${value.split("\n").map((_, index) => `${index + 1}\n`)}</div>
      <textarea ...${field} ref=${place} rows="8" wrap="off" spellcheck=${false} class="pasted" value=${value}
        onInput=${(/** @type {Page.FieldEvent} */ { target }) => set({ text: target.value })} onScroll=${follow}></textarea>
    </div>
  `;
};

/** @param {{ form: Page.InviteForm, set: SetForm, field: Page.Ref<HTMLTextAreaElement> }} props */
const Pasted = ({ form, set, field: place }) =>
  form.bulk
    ? html`<${Field} label=${t("invite.bulk.label")} hint=${t("invite.bulk.hint")}>
        ${(/** @type {Page.FieldAttributes} */ field) => html`
          <${Numbered} field=${field} value=${form.text} set=${set} place=${place} />
        `}
      <//>`
    : html`<p><button type="button" onClick=${() => set({ bulk: true })}>${t("invite.bulk")}</button></p>`;

/**
 * The way from one line to fix to the next, with what is wrong with the one that was gone to.
 *
 * @param {{ left: number, told: { line: number, why: string } | null, onNext: Page.Work }} props
 */
export const Next = ({ left, told, onNext }) => html`
  <div class="bar">
    ${left > 0 && html`<button type="button" onClick=${onNext}>${t("report.next", left)}</button>`}
    <span role="status" class="small">
      ${told && (told.line > 0 ? t("report.at", told.line, told.why) : told.why)}
    </span>
  </div>
`;

/** @param {{ value: Page.InviteForm["locale"], set: SetForm }} props */
const MailLanguage = ({ value, set }) => html`
  <${Field} label=${t("invite.locale")}>
    ${(/** @type {Page.FieldAttributes} */ field) => html`
      <select ...${field} value=${value}
        onChange=${(/** @type {Page.LanguageEvent} */ { target }) => set({ locale: target.value })}>
        <option value="">${t("invite.locale.both")}</option>
        <${LanguageOptions} />
      </select>
    `}
  <//>
`;

/**
 * What sends. What is pasted is checked before, with a table of its lines; the addresses of the fields are sent at once.
 *
 * @param {{
 *   form: Page.InviteForm,
 *   marks: Map<number, string>,
 *   checked: boolean,
 *   submit: (dryRun: boolean) => Page.Work,
 *   onPreview: () => void,
 * }} props
 */
const Buttons = ({ form, marks, checked, submit, onPreview }) => {
  const wellFormed = form.emails.filter((_, index) => !marks.has(index + 1));
  return html`
    <div class="choices">
      ${
        form.bulk
          ? html`<${AsyncButton} type="submit" class=${checked ? "" : "first"} run=${submit(true)}>${t("invite.check")}<//>`
          : html`<${AsyncButton} type="submit" class="first" run=${submit(false)}>
              ${t("invite.send", Math.max(1, countOf(wellFormed)))}
            <//>`
      }
      <button type="button" class="quiet" onClick=${onPreview}>${t("preview")}</button>
    </div>
  `;
};

/**
 * In a text area Enter is a line end; with Ctrl or Command it submits, as in the product's chat.
 *
 * @param {KeyboardEvent & { currentTarget: HTMLFormElement }} event
 */
const submitByKeys = (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */
  const button = event.currentTarget.querySelector("[type=submit]");
  button?.click();
};

/**
 * The form. `set` changes some of it, `submit(dryRun)` makes what a button does, `checkFields` looks at the addresses
 * in the fields, whose faults are `marks`, `checked` tells whether what is in the form has been checked and can be sent,
 * `wrong` is what the API says of it, `places` are references to its parts.
 *
 * @param {{
 *   me: Api.Me,
 *   form: Page.InviteForm,
 *   set: SetForm,
 *   checked: boolean,
 *   marks: Map<number, string>,
 *   wrong: Page.Wrong,
 *   submit: (dryRun: boolean) => Page.Work,
 *   checkFields: () => void,
 *   places: Page.InvitePlaces,
 *   onPreview: () => void,
 *   children: Page.Content,
 * }} props
 */
export const Form = ({ me, form, set, checked, marks, wrong, submit, checkFields, places, onPreview, children }) => {
  /** @param {string} text */
  const takeSeveral = (text) => {
    // As a text area has it.
    const lines = text.trim().replace(/\r\n?/g, "\n");
    set({ bulk: true, text: withLines(form, lines).text });
    notify({ text: t("invite.pasted") });
    places.pasted.current?.focus();
  };
  /** @param {EventTarget | null} to */
  const leaveField = (to) => {
    // What is submitted is looked at by that.
    if (to instanceof HTMLButtonElement && to.type === "submit") return;
    checkFields();
  };
  return html`
    <form class="invite" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()} onKeyDown=${submitByKeys}>
      <p class="small">${t("invite.text", me.name)}</p>
      <${AddressFields} emails=${form.emails} marks=${marks} group=${places.group}
        onChange=${(/** @type {string[]} */ emails) => set({ emails })} onSeveral=${takeSeveral} onLeave=${leaveField} />
      <${Pasted} form=${form} set=${set} field=${places.pasted} />
      ${children}
      <${MessageField} value=${form.message} onInput=${(/** @type {string} */ message) => set({ message })}
        label=${t("invite.message")} hint=${t("invite.message.hint")} error=${wrong.at.message} field=${places.message} />
      <${MailLanguage} value=${form.locale} set=${set} />
      <${Buttons} form=${form} marks=${marks} checked=${checked} submit=${submit} onPreview=${onPreview} />
    </form>
  `;
};
