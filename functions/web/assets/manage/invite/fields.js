// What is wrong with the addresses in the fields: found as one leaves a field, and by sending.

import { call } from "../api.js";
import { t } from "../language.js";
import { useRef, useState } from "../parts/base.js";
import { explainLine } from "./report.js";

/**
 * The faults by the number of the field; no `lines` where there is not even an address. They are of these addresses,
 * and tell nothing of others.
 *
 * @typedef {{ emails: string[], lines?: Api.ReportLine[] }} Found
 *
 * @param {Found} found
 * @param {string[]} emails
 */
const marksOf = ({ emails: of, lines }, emails) => {
  /** @type {Map<number, string>} */
  const marks = new Map();
  if (!lines && emails.every((email) => !email.trim())) marks.set(1, t("report.empty"));
  for (const line of lines ?? []) {
    const email = emails[line.line - 1];
    if (line.status === "queued" || email === undefined || email !== of[line.line - 1]) continue;
    marks.set(line.line, explainLine(line, { dryRun: true, waiting: 0, fields: emails.length }));
  }
  return marks;
};

/**
 * The faults of the address fields, and what finds them.
 *
 * @param {string[]} emails
 */
export const useFieldCheck = (emails) => {
  const [found, setFound] = useState(/** @type {Found} */ ({ emails: [], lines: [] }));
  const newest = useRef(/** @type {Found} */ (found));
  /** @param {Found} what */
  const take = (what) => {
    newest.current = what;
    setFound(what);
  };
  const check = async () => {
    if (emails.every((email) => !email.trim()) || emails.join("\n") === newest.current.emails.join("\n")) return;
    const question = { emails, lines: [] };
    newest.current = question;
    // Sending finds the same; what can't be asked now is not worth a word.
    const answer = await call("POST", "/invitations", { emails, dry_run: true }).catch(() => null);
    if (newest.current === question) take(answer ? { emails, lines: answer.lines } : { emails: [], lines: [] });
  };
  /**
   * @param {Api.Report} answer
   * @param {string[]} of
   */
  const foundBy = ({ lines }, of) => take({ emails: of, lines: lines.filter(({ line }) => line <= of.length) });
  /**
   * The addresses that were not sent, each for a field of its own, where it is why.
   *
   * @param {Api.Report} answer
   * @param {number} count
   */
  const unsent = ({ lines }, count) => {
    const left = lines.filter(({ line, status }) => line <= count && status !== "queued" && status !== "duplicate");
    const rest = left.length ? left.map(({ raw }) => raw) : [""];
    take({ emails: rest, lines: left.map((line, index) => ({ ...line, line: index + 1 })) });
    return rest;
  };
  return { marks: marksOf(found, emails), check, found: foundBy, unsent, missing: () => take({ emails }) };
};
