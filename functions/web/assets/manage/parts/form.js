// What forms are made of: fields with what is wrong at each, and messages with their counter.

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

/** The longest message: characters as a reader counts them, and bytes, of which an emoji has many. As the API checks. */
const LONGEST = { characters: 1_000, bytes: 4_000 };

/** @param {string} message */
const measured = (message) => {
  const text = message.trim().normalize("NFC");
  return { characters: [...new Intl.Segmenter().segment(text)].length, bytes: new TextEncoder().encode(text).length };
};

/** @type {["characters", "bytes"]} */
const MEASURES = ["characters", "bytes"];

/**
 * By which measure a message is too long, if it is.
 *
 * @param {typeof LONGEST} size
 */
const excess = (size) => MEASURES.find((measure) => size[measure] > LONGEST[measure]);

/**
 * Whether a message can be sent; the focus goes to one that can't.
 *
 * @param {string} message
 * @param {Page.Ref} field
 */
export const fits = (message, field) => {
  const good = !excess(measured(message));
  if (!good) field.current?.focus();
  return good;
};

/**
 * A message with its counter; `error` is what the API says of it, `field` a reference to where it is typed.
 *
 * @param {{
 *   label: string,
 *   value: string,
 *   onInput: (value: string) => void,
 *   error?: string,
 *   field: Page.Ref<HTMLTextAreaElement>,
 * }} props
 */
export const MessageField = ({ label, value, onInput, error, field: reference }) => {
  const size = measured(value);
  const over = excess(size);
  const nearest = size.bytes / LONGEST.bytes > size.characters / LONGEST.characters ? "bytes" : "characters";
  // Few write with emoji alone: characters are what is counted, until the bytes get scarce.
  const measure = over ?? (size.bytes * 2 > LONGEST.bytes ? nearest : "characters");
  const said = over ? t(`message.too_long.${over}`, size[over] - LONGEST[over]) : error;
  return html`
    <${Field} label=${label} hint=${t(`message.count.${measure}`, size[measure], LONGEST[measure])} error=${said}>
      ${(/** @type {Page.FieldAttributes} */ field) => html`
        <textarea ...${field} rows="3" value=${value} ref=${reference}
          onInput=${(/** @type {Page.FieldEvent} */ { target }) => onInput(target.value)}></textarea>
      `}
    <//>
  `;
};

/** The languages of the pages and mails, each by its own name. */
export const LanguageOptions = () => html`
  <option value="ja" lang="ja">${t("language.ja")}</option>
  <option value="en" lang="en">${t("language.en")}</option>
`;
