// Inviting by e-mail: the form, a look at the mail, a check before what is pasted is sent, the report, and fixing what
// was wrong.

import { call } from "../api.js";
import { useDraft } from "../drafts.js";
import { t } from "../language.js";
import { Failure, html, notify, useEffect, useRef, useState } from "../parts/base.js";
import { byField, messageFits, useProblem } from "../parts/form.js";
import { useFieldCheck } from "./fields.js";
import { putBack, useFixing, useReport } from "./fixing.js";
import { blank, Form, isEmpty, Next, submission, withAddress } from "./form.js";
import { Preview } from "./preview.js";
import { Report, toFix } from "./report.js";
import { SentInvitations } from "./sent.js";

/**
 * To the first address that is still to be fixed, once its field is there.
 *
 * @param {Page.InvitePlaces} places
 */
const toFault = ({ group }) =>
  setTimeout(() => {
    const inputs = [...(group.current?.querySelectorAll("input") ?? [])];
    inputs.find(({ ariaInvalid }) => ariaInvalid === "true")?.focus();
  });

/**
 * What came of a press is in sight: the newest report, of which there were so many, or the problem.
 *
 * @param {number} reported
 * @param {Page.Problem | null} problem
 * @param {Page.InvitePlaces} places
 */
const useSight = (reported, problem, { result, failure }) => {
  useEffect(() => {
    if (!reported) return;
    result.current?.focus({ preventScroll: true });
    result.current?.scrollIntoView({ block: "start" });
  }, [reported]);
  useEffect(() => {
    if (problem) failure.current?.scrollIntoView({ block: "nearest" });
  }, [problem]);
};

/**
 * What is in the form, the report on it, and how to check and to send it; `sent` counts what makes other invitations.
 *
 * @param {Page.App} app
 * @param {Page.InvitePlaces} places
 */
const useInviting = (app, places) => {
  const [form, setForm, keepForm] = useDraft("invite", blank);
  const told = useReport(app, form);
  const [reported, setReported] = useState(0);
  const [problem, setProblem] = useProblem();
  const fields = useFieldCheck(form.emails);
  const [sent, setSent] = useState(0);
  const newest = useRef(/** @type {object | null} */ (null));

  /** @param {Partial<Page.InviteForm>} change */
  const set = (change) => {
    newest.current = null;
    setForm((old) => ({ ...old, ...change }));
    setProblem(null);
  };
  const countSent = () => setSent((times) => times + 1);
  /**
   * @param {Page.Report} answer
   * @param {ReturnType<typeof submission>} wanted
   */
  const empty = (answer, wanted) => {
    const rest = { ...blank, message: form.message, locale: form.locale };
    if (!form.bulk) {
      const emails = fields.unsent(answer, wanted.emails.length);
      setForm({ ...rest, emails });
      return;
    }
    setForm(rest);
    // What was sent need not be kept; what is to be fixed has not been sent.
    const back = answer.retry_text ? putBack(rest, answer) : null;
    keepForm(back?.form);
    told.keep(back?.report ?? null);
  };
  /**
   * What came of a submission; `current` where the form is still what was submitted.
   *
   * @param {Api.Report} answer
   * @param {ReturnType<typeof submission>} wanted
   * @param {boolean} current
   */
  const receive = (answer, wanted, current) => {
    // A check of what has been changed meanwhile tells nothing; what was sent is told in any case.
    if (wanted.dry_run && !current) {
      notify({ text: t("invite.changed") });
      return;
    }
    const kept = {
      dryRun: wanted.dry_run,
      wanted: JSON.stringify(wanted),
      fields: wanted.emails.length,
      bulk: form.bulk,
    };
    const waiting = answer.counts.queued ?? 0;
    const report = { ...answer, ...kept, waiting };
    const worthAReport = form.bulk || !current || waiting > 0;
    app.setReport(() => (worthAReport ? report : null));
    if (worthAReport) setReported((times) => times + 1);
    else toFault(places);
    if (wanted.dry_run) {
      told.keep(report);
      fields.found(answer, wanted.emails);
      return;
    }
    newest.current = null;
    if (current) empty(report, wanted);
    countSent();
  };
  /** @param {boolean} dryRun */
  const submit = (dryRun) => async () => {
    setProblem(null);
    if (isEmpty(form)) {
      fields.missing();
      places.group.current?.querySelector("input")?.focus();
      return;
    }
    if (!messageFits(form.message, places.message)) return;
    const question = {};
    newest.current = question;
    const wanted = submission(form, dryRun);
    try {
      const answer = await call("POST", "/invitations", wanted);
      receive(answer, wanted, newest.current === question);
    } catch (found) {
      // What was checked is what is in the form still.
      setProblem(found);
    }
  };
  useSight(reported, problem, places);
  return { ...told, form, set, setForm, fields, problem, submit, sent, countSent };
};

/**
 * The view.
 *
 * @param {{ app: Page.App }} props
 */
export default ({ app }) => {
  /** @type {Page.InvitePlaces} */
  const places = {
    group: useRef(),
    pasted: useRef(),
    message: useRef(),
    failure: useRef(),
    result: useRef(),
  };
  const inviting = useInviting(app, places);
  const fixing = useFixing(app.setReport, inviting, places);
  const [preview, setPreview] = useState(false);
  const to = app.query.get("to");
  useEffect(() => {
    if (!to) return;
    inviting.setForm((old) => withAddress(old, to));
    // It is in the form now: a reload must not put it there once more.
    history.replaceState(history.state, "", "#invite");
    setTimeout(() => [...(places.group.current?.querySelectorAll("input") ?? [])].at(-1)?.focus());
  }, [to]);
  const { form, set, fields, report, changed, fixed, problem, submit, sent, countSent } = inviting;
  // The addresses of the fields are told in their fields.
  const fix = () => (report?.bulk ? fixing.fix() : toFault(places));
  const toBeFixed = report?.dryRun && report.bulk ? toFix(report).length - fixed.size : 0;
  const wrong = byField(problem, ["message"]);
  const good = report?.dryRun && !changed ? (report.counts.queued ?? 0) : 0;
  // Beside the button that was pressed: a report has its own.
  const failure = html`<div ref=${places.failure}>${wrong.rest && html`<${Failure} of=${wrong.rest} />`}</div>`;
  /** @param {number} waiting */
  const waitFor = (waiting) => {
    app.setReport((old) => (old && old.batch_id === report?.batch_id ? { ...old, waiting } : old));
    if (waiting === 0) countSent();
  };
  return html`
    <${Form} me=${app.me} form=${form} set=${set} checked=${good > 0} marks=${fields.marks} wrong=${wrong}
      submit=${submit} checkFields=${fields.check} places=${places} onPreview=${() => setPreview(true)}>
      ${form.bulk && html`<${Next} left=${toBeFixed} told=${fixing.told} onNext=${fix} />`}
    <//>
    ${!report?.dryRun && failure}
    <div class=${report ? "results" : ""}>
      ${
        report &&
        html`<${Report} of=${report} changed=${changed} fixed=${fixed} heading=${places.result} onFix=${fix} onWaiting=${waitFor} onSend=${submit(false)}
        failure=${report.dryRun && failure} />`
      }
      <${SentInvitations} version=${sent} />
    </div>
    ${preview && html`<${Preview} message=${form.message} locale=${form.locale} onClose=${() => setPreview(false)} />`}
  `;
};
