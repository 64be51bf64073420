// One's own settings: by what one can be found, the languages, and the profile.

import { call } from "../api.js";
import { useDraft } from "../drafts.js";
import { language, t } from "../language.js";
import { AsyncButton, Failure, html, notify, tell, useRef } from "../parts/base.js";
import { byField, Field, LanguageOptions, LineField, nameFits, useProblem } from "../parts/form.js";

/** @type {Api.Way[]} */
const WAYS = ["name", "chatwork_id", "email"];

/**
 * Keeps a change as soon as it is made, and says so; `undo` is for one that could not be kept.
 *
 * @param {Page.App} app
 * @param {Api.MeChange} change
 */
const keep = async (app, change, undo = () => {}) => {
  try {
    app.changeMe(await call("PATCH", "/me", change));
    notify({ text: t("saved") });
  } catch (problem) {
    undo();
    tell(problem);
  }
};

/** @param {{ app: Page.App }} props */
const Findable = ({ app }) => {
  const { findable_by: findable } = app.me;
  // Each is kept as soon as it is switched, one after the other, so that the last press counts; one that could not be
  // kept goes back.
  const before = useRef(Promise.resolve());
  /** @param {Api.Way} way */
  const switchTo =
    (way) =>
    /** @param {Page.FieldEvent} event */
    ({ target: box }) => {
      const wanted = box.checked;
      before.current = before.current.then(() =>
        keep(app, { findable_by: { [way]: wanted } }, () => {
          box.checked = !wanted;
        }),
      );
    };
  return html`
    <fieldset>
      <legend><h2>${t("settings.findable")}</h2></legend>
      ${WAYS.map(
        (way) => html`
          <label class="option">
            <input type="checkbox" checked=${findable[way]} onChange=${switchTo(way)} />
            <span>${t(`settings.findable.${way}`)}</span>
          </label>
        `,
      )}
      <p class="small">${t("settings.findable.hint")}</p>
    </fieldset>
  `;
};

/** @type {("name" | "reading" | "chatwork_id")[]} */
const FIELDS = ["name", "reading", "chatwork_id"];

/** @param {Api.Me} me */
const formOf = (me) => ({ name: me.name, reading: me.reading ?? "", chatwork_id: me.chatwork_id ?? "" });

/** @param {{ app: Page.App }} props */
const Profile = ({ app }) => {
  const { me } = app;
  const [form, setForm, keepDraft] = useDraft("profile", formOf(me));
  const [problem, setProblem] = useProblem();
  /** @param {keyof typeof form} name */
  const set =
    (name) =>
    (/** @type {Page.FieldEvent} */ { target }) =>
      setForm({ ...form, [name]: target.value });
  /** @type {Record<keyof typeof form, Page.Ref>} */
  const inputs = { name: useRef(), reading: useRef(), chatwork_id: useRef() };
  const save = async () => {
    setProblem(null);
    if (!nameFits(form.name, inputs.name) || !nameFits(form.reading, inputs.reading)) return;
    try {
      const body = {
        name: form.name,
        reading: form.reading.trim() || null,
        chatwork_id: form.chatwork_id.trim() || null,
      };
      app.changeMe(await call("PATCH", "/me", body));
      keepDraft();
      notify({ text: t("saved") });
    } catch (found) {
      setProblem(found);
    }
  };
  const wrong = byField(problem, FIELDS);
  return html`
    <form class="profile" aria-labelledby="profile" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <h2 id="profile">${t("settings.profile")}</h2>
      ${FIELDS.map(
        (name) => html`
          <${LineField} label=${t(`settings.${name}`)} hint=${t(`settings.${name}.hint`)} error=${wrong.at[name]}
            value=${form[name]} onInput=${set(name)} isName=${name !== "chatwork_id"} field=${inputs[name]} />
        `,
      )}
      ${wrong.rest && html`<${Failure} of=${wrong.rest} />`}
      <p><${AsyncButton} type="submit" class="first" run=${save}>${t("save")}<//></p>
    </form>
  `;
};

/** @param {{ label: string, hint: string, value: string, onChoose: (language: Api.Locale) => void }} props */
const LanguageField = ({ label, hint, value, onChoose }) => html`
  <${Field} label=${label} hint=${hint}>
    ${(/** @type {Page.FieldAttributes} */ field) => html`
      <select ...${field} value=${value}
        onChange=${(/** @type {Page.LanguageEvent} */ { target }) => onChoose(target.value)}>
        <${LanguageOptions} />
      </select>
    `}
  <//>
`;

/** @param {{ app: Page.App }} props */
const Languages = ({ app }) => {
  /** @param {Api.Locale} locale */
  const chooseForMail = (locale) => keep(app, { locale });
  return html`
    <section aria-labelledby="language">
      <h2 id="language">${t("settings.language")}</h2>
      <${LanguageField} label=${t("settings.language.page")} hint=${t("settings.language.page.hint")} value=${language()}
        onChoose=${app.choose} />
      <${LanguageField} label=${t("settings.language.mail")} hint=${t("settings.language.mail.hint")} value=${app.me.locale}
        onChoose=${chooseForMail} />
    </section>
  `;
};

/**
 * The view.
 *
 * @param {{ app: Page.App }} props
 */
export default ({ app }) => html`
  <${Findable} app=${app} />
  <${Languages} app=${app} />
  <${Profile} app=${app} />
`;
