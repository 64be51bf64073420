// What forms are made of: fields with what is wrong at each, and texts with their counter.

import { t } from "../language.js";
import { explain, html, tell, useEffect, useId, useRef, useState } from "./base.js";

/**
 * A problem as a state. One that comes when its place is closed already is told all the same.
 *
 * @returns {[Page.Problem | null, (thrown: unknown) => void]}
 */
export const useProblem = () => {
  const [problem, setProblem] = useState(/** @type {Page.Problem | null} */ (null));
  const open = useRef(true);
  useEffect(
    () => () => {
      open.current = false;
    },
    [],
  );
  /** @param {unknown} thrown */
  const take = (thrown) => {
    if (open.current) setProblem(/** @type {Page.Problem | null} */ (thrown));
    else if (thrown) tell(thrown);
  };
  return [problem, take];
};

/**
 * A problem by the fields of a form: what to say at each, and `rest` for what belongs to none of them.
 *
 * @template {string} F
 * @param {Page.Problem | null} problem
 * @param {F[]} fields
 */
export const byField = (problem, fields) => {
  /** @type {Partial<Record<F, string>>} */
  const at = {};
  /** @type {NonNullable<Page.Problem["errors"]>} */
  const others = [];
  for (const error of problem?.errors ?? []) {
    const field = fields.find((name) => error.pointer === `/${name}`);
    if (field) at[field] ??= explain(error);
    else others.push(error);
  }
  const said = problem && Object.keys(at).length > 0 && others.length === 0;
  return { at, rest: problem && !said ? { code: problem.code, errors: others } : null };
};

/**
 * A field with its label, hint and error.
 *
 * @param {{
 *   label: string,
 *   hint?: string,
 *   error?: string,
 *   children: (field: Page.FieldAttributes) => Page.Content,
 * }} props
 */
export const Field = ({ label, hint, error, children }) => {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${children({ id, "aria-describedby": described, "aria-invalid": Boolean(error) })}
      ${hint && html`<p class="small" id=${`${id}-hint`}>${hint}</p>`}
      ${error && html`<p class="error" id=${`${id}-error`} role="alert">${error}</p>`}
    </div>
  `;
};

// The longest texts: characters as a reader counts them, and bytes, of which an emoji has many. As the API checks. No
// `maxlength`: it counts in neither, and cuts what is pasted.
const MESSAGE = { characters: 1_000, bytes: 4_000 };
const NAME = { characters: 64, bytes: 256 };

/** @param {string} value */
const measured = (value) => {
  const text = value.trim().normalize("NFC");
  return { characters: [...new Intl.Segmenter().segment(text)].length, bytes: new TextEncoder().encode(text).length };
};

/** @type {["characters", "bytes"]} */
const MEASURES = ["characters", "bytes"];

/**
 * Whether a text can be sent; the focus goes to one that can't.
 *
 * @param {string} value
 * @param {Page.Ref} field
 * @param {typeof MESSAGE} longest
 */
const fits = (value, field, longest) => {
  const size = measured(value);
  const good = MEASURES.every((measure) => size[measure] <= longest[measure]);
  if (!good) field.current?.focus();
  return good;
};

/**
 * Whether a message can be sent; the focus goes to one that can't.
 *
 * @param {string} message
 * @param {Page.Ref} field
 */
export const messageFits = (message, field) => fits(message, field, MESSAGE);

/**
 * Whether a name can be sent; the focus goes to one that can't.
 *
 * @param {string} name
 * @param {Page.Ref} field
 */
export const nameFits = (name, field) => fits(name, field, NAME);

/**
 * What there is to say of a text's length: how long it is, and how much too long.
 *
 * @param {string} value
 * @param {typeof MESSAGE} longest
 */
const length = (value, longest) => {
  const size = measured(value);
  const over = MEASURES.find((measure) => size[measure] > longest[measure]);
  const nearest = size.bytes / longest.bytes > size.characters / longest.characters ? "bytes" : "characters";
  // Few write with emoji alone: characters are what is counted, until the bytes get scarce.
  const measure = over ?? (size.bytes * 2 > longest.bytes ? nearest : "characters");
  return {
    counter: t(`length.count.${measure}`, size[measure], longest[measure]),
    tooLong: over && t(`length.over.${over}`, size[over] - longest[over]),
  };
};

/**
 * A message with its counter, below a hint where there is one; `error` is what the API says of it, `field` a reference to where it is typed.
 *
 * @param {{
 *   label: string,
 *   hint?: string,
 *   value: string,
 *   onInput: (value: string) => void,
 *   error?: string,
 *   field: Page.Ref<HTMLTextAreaElement>,
 * }} props
 */
export const MessageField = ({ label, hint, value, onInput, error, field: reference }) => {
  const { counter, tooLong } = length(value, MESSAGE);
  return html`
    <${Field} label=${label} hint=${hint ? html`${hint}<br />${counter}` : counter} error=${tooLong ?? error}>
      ${(/** @type {Page.FieldAttributes} */ field) => html`
        <textarea ...${field} rows="3" value=${value} ref=${reference}
          onInput=${(/** @type {Page.FieldEvent} */ { target }) => onInput(target.value)}></textarea>
      `}
    <//>
  `;
};

/**
 * A line of text, a name with its counter; `error` is what the API says of it, `field` a reference to where it is typed.
 *
 * @param {{
 *   label: string,
 *   hint: string,
 *   value: string,
 *   onInput: Page.Input,
 *   error?: string,
 *   isName?: boolean,
 *   field?: Page.Ref,
 * }} props
 */
export const LineField = ({ label, hint, value, onInput, error, isName = false, field: reference }) => {
  const { counter, tooLong } = isName ? length(value, NAME) : {};
  return html`
    <${Field} label=${label} hint=${[hint, counter].filter(Boolean).join(" ")} error=${tooLong ?? error}>
      ${(/** @type {Page.FieldAttributes} */ field) => html`
        <input ...${field} autocomplete="off" value=${value} ref=${reference} onInput=${onInput} />
      `}
    <//>
  `;
};

/** The languages of the pages and mails, each by its own name. */
export const LanguageOptions = () => html`
  <option value="ja" lang="ja">${t("language.ja")}</option>
  <option value="en" lang="en">${t("language.en")}</option>
`;
