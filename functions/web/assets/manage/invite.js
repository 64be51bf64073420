// Inviting by e-mail: addresses in fields or pasted, a look at the mail, a check before anything is sent, the report,
// and mending what was wrong.

import { call } from "./api.js";
import { useDraft } from "./drafts.js";
import { t } from "./language.js";
import { Preview } from "./mail-preview.js";
import {
  Act,
  Failure,
  Field,
  LanguageOptions,
  MessageField,
  html,
  notify,
  useEffect,
  useProblem,
  useRef,
  useState,
} from "./parts.js";
import { Report, unmarked } from "./report.js";
import { SentInvitations } from "./sent-invitations.js";

const blank = { emails: [""], text: "", bulk: false, message: "", locale: "" };

/** The form as the API takes it. Blank fields stay, so that the report's line numbers are those of the fields. */
const submission = ({ emails, text, bulk, message, locale }, dryRun) => ({
  emails: bulk && emails.every((email) => !email.trim()) ? [] : emails,
  text: bulk ? text : "",
  message,
  locale: locale || undefined,
  dry_run: dryRun,
});

const isEmpty = ({ emails, text, bulk }) => !emails.some((email) => email.trim()) && !(bulk && text.trim());

const AddressFields = ({ emails, marks, onChange }) => {
  const last = useRef();
  const [grown, setGrown] = useState(0);
  useEffect(() => {
    if (grown) last.current?.focus();
  }, [grown]);
  const set = (index) => (event) => onChange(emails.map((email, at) => (at === index ? event.target.value : email)));
  const remove = (index) => () => {
    onChange(emails.length > 1 ? emails.filter((_, at) => at !== index) : [""]);
    setGrown((times) => times + 1);
  };
  return html`
    <fieldset class="addresses">
      <legend>${t("invite.addresses")}</legend>
      ${emails.map((email, index) => {
        const mark = marks.get(index + 1);
        const wrong = mark && `address-${index}-mark`;
        return html`
          <div class="address">
            <input type="text" inputmode="email" autocomplete="off" spellcheck=${false} autocapitalize="none" value=${email}
              aria-label=${t("invite.address", index + 1)} aria-describedby=${wrong} aria-invalid=${Boolean(mark)}
              placeholder="name@example.com" ref=${index === emails.length - 1 ? last : undefined} onInput=${set(index)} />
            ${emails.length > 1 &&
            html`<button type="button" class="quiet icon" aria-label=${t("invite.remove_address", index + 1)}
              onClick=${remove(index)}><span aria-hidden="true">✕</span></button>`}
            ${mark && html`<p class="error" id=${wrong}>${mark}</p>`}
          </div>
        `;
      })}
      <button type="button" class="quiet" onClick=${() => (onChange([...emails, ""]), setGrown((times) => times + 1))}>
        <span aria-hidden="true">＋ </span>${t("invite.add_address")}
      </button>
    </fieldset>
  `;
};

/** The form with these lines below what is pasted there. */
const withLines = (form, lines) => ({
  ...form,
  bulk: true,
  text: [form.bulk && form.text.trimEnd(), lines].filter(Boolean).join("\n"),
});

/** The view. */
export default ({ app }) => {
  const [form, setForm, keepForm] = useDraft("invite", blank);
  const [report, setReport] = useState(null);
  const [problem, setProblem] = useProblem();
  const [preview, setPreview] = useState(false);
  const [sent, setSent] = useState(0);
  const result = useRef();
  const start = useRef();
  const pasted = useRef();
  const newest = useRef();
  const [mended, setMended] = useState(0);

  // What was checked is no longer what is in the form.
  const set = (change) => {
    newest.current = null;
    setForm((old) => ({ ...old, ...change }));
    setReport((old) => (old?.dryRun ? null : old));
    setProblem(null);
  };
  const submit = (dryRun) => async () => {
    setProblem(null);
    const question = {};
    newest.current = question;
    try {
      const answer = await call("POST", "/invitations", submission(form, dryRun));
      // A check of what has been changed meanwhile tells nothing; what was sent is told in any case.
      const current = newest.current === question;
      if (dryRun && !current) {
        notify({ text: t("invite.changed") });
        return;
      }
      setReport({ ...answer, dryRun });
      if (!dryRun) {
        newest.current = null;
        const rest = { ...blank, message: form.message, locale: form.locale };
        if (current) {
          setForm(rest);
          // What was sent need not be kept; what is to be mended has not been sent.
          keepForm(answer.retry_text ? withLines(rest, answer.retry_text) : undefined);
        }
        setSent((times) => times + 1);
      }
    } catch (found) {
      setReport(null);
      setProblem(found);
    }
  };
  const mend = () => {
    // What has been entered since stays.
    setForm(withLines(form, report.retry_text));
    setReport(null);
    setMended((times) => times + 1);
    start.current?.scrollIntoView({ block: "start" });
  };
  useEffect(() => {
    if (report) result.current?.focus();
  }, [report]);
  useEffect(() => {
    if (form.bulk) pasted.current?.focus();
  }, [form.bulk, mended]);

  const marks = report?.dryRun ? unmarked(report, submission(form).emails.length) : new Map();
  const good = report?.dryRun ? (report.counts.queued ?? 0) : null;
  return html`
    <div class="invite" ref=${start}>
      <p class="small">${t("invite.text", app.me.name)}</p>
      <${AddressFields} emails=${form.emails} marks=${marks} onChange=${(emails) => set({ emails })} />
      ${form.bulk
        ? html`<${Field} label=${t("invite.bulk.label")} hint=${t("invite.bulk.hint")}>
            ${(field) => html`
              <textarea ...${field} ref=${pasted} rows="8" spellcheck=${false} class="pasted" value=${form.text}
                onInput=${(event) => set({ text: event.target.value })}></textarea>
            `}
          <//>`
        : html`<p><button type="button" onClick=${() => set({ bulk: true })}>${t("invite.bulk")}</button></p>`}
      <${MessageField} value=${form.message} onInput=${(message) => set({ message })} label=${t("invite.message")} />
      <${Field} label=${t("invite.locale")}>
        ${(field) => html`
          <select ...${field} value=${form.locale} onChange=${(event) => set({ locale: event.target.value })}>
            <option value="">${t("invite.locale.both")}</option>
            <${LanguageOptions} />
          </select>
        `}
      <//>
      ${problem && html`<${Failure} of=${problem} />`}
      <div class="choices">
        <${Act} class=${good ? "" : "first"} disabled=${isEmpty(form)} run=${submit(true)}>${t("invite.check")}<//>
        ${good !== null &&
        html`<${Act} class="first" disabled=${good === 0} run=${submit(false)}>${t("invite.send", good)}<//>`}
        <button type="button" class="quiet" onClick=${() => setPreview(true)}>${t("preview")}</button>
      </div>
    </div>
    ${report && html`<${Report} of=${report} heading=${result} onMend=${mend} onSent=${() => setSent((times) => times + 1)} />`}
    ${preview &&
    html`<${Preview} message=${form.message} locale=${form.locale} onClose=${() => setPreview(false)} />`}
    <${SentInvitations} version=${sent} />
  `;
};
