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
  byField,
  fits,
  html,
  notify,
  useEffect,
  useProblem,
  useRef,
  useState,
} from "./parts.js";
import { Report, toMend, unmarked } from "./report.js";
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

const AddressFields = ({ emails, marks, onChange, group }) => {
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
    <fieldset class="addresses" ref=${group}>
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
        <span aria-hidden="true">＋</span><span>${t("invite.add_address")}</span>
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

/** Where an entry stands in a text: from the beginning of its line on, which is counted from 1. */
const rangeOf = (text, { line, raw }) => {
  const before = text.split("\n").slice(0, line - 1);
  const begin = text.indexOf(raw, before.reduce((length, each) => length + each.length + 1, 0));
  return begin < 0 ? [0, 0] : [begin, begin + raw.length];
};

/** The view. */
export default ({ app }) => {
  const [form, setForm, keepForm] = useDraft("invite", blank);
  const { report: newestReport, setReport } = app;
  // A check is of what was in the form then, and tells nothing of anything else.
  const fitting = !newestReport?.dryRun || newestReport.wanted === JSON.stringify(submission(form, true));
  const report = fitting ? newestReport : null;
  const [reported, setReported] = useState(0);
  const [problem, setProblem] = useProblem();
  const [preview, setPreview] = useState(false);
  const [sent, setSent] = useState(0);
  const result = useRef();
  const start = useRef();
  const group = useRef();
  const pasted = useRef();
  const message = useRef();
  const failure = useRef();
  const newest = useRef();
  const [mended, setMended] = useState(0);

  const set = (change) => {
    newest.current = null;
    setForm((old) => ({ ...old, ...change }));
    setProblem(null);
  };
  const submit = (dryRun) => async () => {
    setProblem(null);
    if (!fits(form.message, message)) return;
    const question = {};
    newest.current = question;
    const wanted = submission(form, dryRun);
    try {
      const answer = await call("POST", "/invitations", wanted);
      // A check of what has been changed meanwhile tells nothing; what was sent is told in any case.
      const current = newest.current === question;
      if (dryRun && !current) {
        notify({ text: t("invite.changed") });
        return;
      }
      const kept = { dryRun, wanted: JSON.stringify(wanted), fields: wanted.emails.length };
      setReport(() => ({ ...answer, ...kept, waiting: answer.counts.queued ?? 0 }));
      setReported((times) => times + 1);
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
      // What was checked is what is in the form still.
      setProblem(found);
    }
  };
  const mend = () => {
    if (report.dryRun) {
      // All lines are in the form still.
      const [{ line, raw }] = toMend(report);
      if (line <= report.fields) {
        group.current.querySelectorAll("input")[line - 1].focus();
      } else {
        pasted.current.focus();
        pasted.current.setSelectionRange(...rangeOf(form.text, { line: line - report.fields, raw }));
      }
      return;
    }
    // What has been entered since stays; who comes back to the tab has the lines in the form already.
    if (!form.text.includes(report.retry_text)) setForm(withLines(form, report.retry_text));
    setReport(() => null);
    setMended((times) => times + 1);
    start.current?.scrollIntoView({ block: "start" });
  };
  const waitFor = (waiting) => {
    setReport((old) => (old?.batch_id === report.batch_id ? { ...old, waiting } : old));
    if (waiting === 0) setSent((times) => times + 1);
  };
  useEffect(() => {
    if (reported) result.current?.focus();
  }, [reported]);
  useEffect(() => {
    if (problem) failure.current?.scrollIntoView({ block: "nearest" });
  }, [problem]);
  useEffect(() => {
    if (form.bulk) pasted.current?.focus();
  }, [form.bulk, mended]);

  const marks = report?.dryRun ? unmarked(report) : new Map();
  const good = report?.dryRun ? (report.counts.queued ?? 0) : null;
  const wrong = byField(problem, ["message"]);
  return html`
    <form class="invite" ref=${start} onSubmit=${(event) => event.preventDefault()}>
      <p class="small">${t("invite.text", app.me.name)}</p>
      <${AddressFields} emails=${form.emails} marks=${marks} group=${group}
        onChange=${(emails) => set({ emails })} />
      ${form.bulk
        ? html`<${Field} label=${t("invite.bulk.label")} hint=${t("invite.bulk.hint")}>
            ${(field) => html`
              <textarea ...${field} ref=${pasted} rows="8" spellcheck=${false} class="pasted" value=${form.text}
                onInput=${(event) => set({ text: event.target.value })}></textarea>
            `}
          <//>`
        : html`<p><button type="button" onClick=${() => set({ bulk: true })}>${t("invite.bulk")}</button></p>`}
      <${MessageField} value=${form.message} onInput=${(message) => set({ message })} label=${t("invite.message")}
        error=${wrong.at.message} field=${message} />
      <${Field} label=${t("invite.locale")}>
        ${(field) => html`
          <select ...${field} value=${form.locale} onChange=${(event) => set({ locale: event.target.value })}>
            <option value="">${t("invite.locale.both")}</option>
            <${LanguageOptions} />
          </select>
        `}
      <//>
      <div class="choices">
        <${Act} type="submit" class=${good ? "" : "first"} disabled=${isEmpty(form)}
          run=${submit(true)}>${t("invite.check")}<//>
        ${good !== null &&
        html`<${Act} class="first" disabled=${good === 0} run=${submit(false)}>${t("invite.send", good)}<//>`}
        <button type="button" class="quiet" onClick=${() => setPreview(true)}>${t("preview")}</button>
      </div>
      <div ref=${failure}>${wrong.rest && html`<${Failure} of=${wrong.rest} />`}</div>
    </form>
    ${report && html`<${Report} of=${report} heading=${result} onMend=${mend} onWaiting=${waitFor} />`}
    ${preview &&
    html`<${Preview} message=${form.message} locale=${form.locale} onClose=${() => setPreview(false)} />`}
    <${SentInvitations} version=${sent} />
  `;
};
