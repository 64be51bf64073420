// What is still to be fixed: kept beside the form while that is edited, and for the next time.

import { useDraft } from "../drafts.js";
import { useEffect, useState } from "../parts/base.js";
import { isEmpty, submission, withLines } from "./form.js";
import { hasEntry, rangeOf } from "./lines.js";
import { explainLine, toFix } from "./report.js";

/**
 * A report of the lines to fix alone.
 *
 * @param {Page.Report} of
 * @param {Partial<Page.Report>} [more]
 * @returns {Page.Report}
 */
const onlyToFix = (of, more) => {
  const lines = toFix(of);
  /** @type {Page.Report["counts"]} */
  const counts = {};
  for (const { status } of lines) counts[status] = (counts[status] ?? 0) + 1;
  return { ...of, dryRun: true, left: true, lines, counts, ...more };
};

/**
 * The form with the lines of a report that were not sent, and the report on them, which tells where they stand now.
 *
 * @param {Page.InviteForm} form
 * @param {Page.Report} sent
 */
export const putBack = (form, sent) => {
  // Who comes back to the tab has the lines in the form already.
  const there = form.bulk && form.text.includes(sent.retry_text);
  const next = there ? form : withLines(form, sent.retry_text);
  const above = next.text.slice(0, next.text.lastIndexOf(sent.retry_text)).split("\n").length;
  const fields = submission(next, true).emails.length;
  const report = onlyToFix(sent, { wanted: JSON.stringify(submission(next, true)), fields });
  const lines = report.lines.map((line, index) => ({ ...line, line: fields + above + index }));
  return { form: next, report: { ...report, lines } };
};

/**
 * The newest report as it is beside the form: `changed` where the form is no longer what was checked, and the lines
 * that are `fixed` then; `keep` keeps what there is to fix for the next time.
 *
 * @param {Page.App} app
 * @param {Page.InviteForm} form
 */
export const useReport = ({ report: newest, setReport }, form) => {
  const [kept, , keepOther] = useDraft("invite-report", /** @type {Page.Report | null} */ (null));
  useEffect(() => {
    if (!newest && kept && !isEmpty(form)) setReport(() => kept);
  }, []);
  useEffect(() => {
    if (isEmpty(form) && newest?.dryRun) keepOther();
  }, [form]);
  const report = newest?.dryRun && isEmpty(form) ? null : newest;
  const changed = Boolean(report?.dryRun && report.wanted !== JSON.stringify(submission(form, true)));
  /** @param {Api.ReportLine} line */
  const isThere = ({ line, raw }) =>
    line <= (report?.fields ?? 0) ? form.emails[line - 1]?.includes(raw) : hasEntry(form.text, raw);
  const fixed = new Set(report && changed ? toFix(report).filter((line) => !isThere(line)) : []);
  /** @param {Page.Report | null} of */
  const keep = (of) => keepOther(of?.bulk && toFix(of).length ? onlyToFix(of) : undefined);
  return { report, changed, fixed, keep };
};

/**
 * Selects an entry in a text area, and scrolls to it there: a selection alone does not.
 *
 * @param {HTMLTextAreaElement} area
 * @param {Pick<Api.ReportLine, "line" | "raw">} entry
 */
const select = (area, entry) => {
  const [begin, end] = rangeOf(area.value, entry);
  area.focus();
  area.setSelectionRange(begin, end);
  const lines = area.value.split("\n").length;
  const line = area.value.slice(0, begin).split("\n").length - 1;
  area.scrollTop = (area.scrollHeight * line) / lines - area.clientHeight / 2;
};

/**
 * How to get to what there is to fix, one after another, from where the cursor is on: in the form after a check, else
 * as lines that are put into it. `told` is what is wrong with the one that was gone to.
 *
 * @param {Page.App["setReport"]} setReport
 * @param {ReturnType<typeof useReport> & { form: Page.InviteForm, setForm: (form: Page.InviteForm) => void }} inviting
 * @param {Page.InvitePlaces} places
 */
export const useFixing = (setReport, { form, setForm, report, fixed }, places) => {
  const [told, setTold] = useState(/** @type {{ line: number, why: string } | null} */ (null));
  useEffect(() => {
    if (form.bulk) places.pasted.current?.focus();
  }, [form.bulk]);
  /**
   * @param {Page.Report} of
   * @param {Api.ReportLine[]} open
   */
  const next = (of, open) => {
    const area = places.pasted.current;
    /** @param {Api.ReportLine} entry */
    const inText = (entry) => ({ line: entry.line - of.fields, raw: entry.raw });
    const isBehind = (/** @type {Api.ReportLine} */ entry) =>
      entry.line > of.fields && rangeOf(area?.value ?? "", inText(entry))[0] > (area?.selectionStart ?? 0);
    const entry = (told && open.find(isBehind)) ?? open[0];
    if (!entry) return;
    const input = places.group.current?.querySelectorAll("input")[entry.line - 1];
    if (entry.line <= of.fields) input?.focus();
    else if (area) select(area, inText(entry));
    setTold({ line: inText(entry).line, why: explainLine(entry, of) });
  };
  const fix = () => {
    if (!report) return;
    if (report.dryRun) {
      next(
        report,
        toFix(report).filter((line) => !fixed.has(line)),
      );
      return;
    }
    const back = putBack(form, report);
    setForm(back.form);
    setReport(() => back.report);
    setTimeout(() => next(back.report, back.report.lines));
  };
  return { fix, told: report?.dryRun ? told : null };
};
