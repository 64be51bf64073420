// What became of each line, and how far the mails of a call are.

import { call, withQuery } from "../api.js";
import { figure, known, moment, t } from "../language.js";
import { AsyncButton, focusOn, html, useEffect, useRef, useState } from "../parts/base.js";

/** @param {Api.ReportLine} line */
const isBad = ({ status }) => status === "invalid" || status === "over_quota";

/**
 * The lines that are there to be fixed.
 *
 * @param {Api.Report} report
 */
export const toFix = ({ lines }) => lines.filter(isBad);

/**
 * Where a line of the report stands: the API counts the fields first, and then the lines of the text.
 *
 * @param {number} line
 * @param {number} fields
 */
const placeOf = (line, fields) => (line > fields ? figure(line - fields) : t("report.field", line));

/** @param {Pick<Page.Report, "dryRun" | "waiting">} report */
const isSent = ({ dryRun, waiting }) => !dryRun && waiting === 0;

/**
 * @param {Api.LineStatus} status
 * @param {Pick<Page.Report, "dryRun" | "waiting">} of
 */
const labelOf = (status, of) => t(status === "queued" && isSent(of) ? "line.sent" : `line.${status}`);

/**
 * What became of a line, and why.
 *
 * @param {Api.ReportLine} line
 * @param {Pick<Page.Report, "dryRun" | "waiting" | "fields">} of
 */
export const explainLine = (line, of) => {
  const first = line.duplicate_of_line;
  const duplicate =
    first !== null &&
    (first > of.fields ? t("line.duplicate_of", first - of.fields) : t("line.duplicate_of_field", first));
  const reason = line.reason && known(`problem.${line.reason}`, "line.invalid_email");
  const why = duplicate || reason;
  return why ? t("named", labelOf(line.status, of), why) : labelOf(line.status, of);
};

const POLL = 1_500;
const A_PAGE = 100;

/** @param {Page.Report} report */
const invitationsOf = ({ lines }) =>
  new Set(lines.filter(({ status }) => status === "queued").map((line) => line.invitation_id));

/**
 * How many of these invitations still wait to be sent.
 *
 * @param {Set<string | null>} ids
 */
const countWaiting = async (ids) => {
  let waiting = 0;
  /** @type {string | null} */
  let cursor = null;
  do {
    /** @type {Api.Page<"invitations">} */
    const page = await call("GET", withQuery("/invitations", { state: "queued", limit: A_PAGE, cursor }));
    waiting += page.invitations.filter(({ invitation_id: id }) => ids.has(id)).length;
    cursor = page.next_cursor;
  } while (cursor);
  return waiting;
};

const QUARTERS = 4;

/**
 * The progress for who does not see it: at the start, at each quarter and at the end.
 *
 * @param {{ done: number, all: number }} props
 */
const Announced = ({ done, all }) => {
  const [begun, setBegun] = useState(false);
  // What a region has from the start is read out by nobody.
  useEffect(() => setBegun(true), []);
  const percent = (Math.floor((done * QUARTERS) / all) * 100) / QUARTERS;
  return html`<p class="visually-hidden" role="status">${begun && t("report.progress", percent, all)}</p>`;
};

/**
 * Follows the mails of a call until all are sent.
 *
 * @param {{ of: Page.Report, onWaiting: (waiting: number) => void }} props
 */
const Progress = ({ of, onWaiting }) => {
  const [failing, setFailing] = useState(false);
  const all = of.counts.queued ?? 0;
  useEffect(() => {
    if (isSent(of)) return undefined;
    const ids = invitationsOf(of);
    /** @type {number | undefined} */
    let timer;
    let gone = false;
    const look = async () => {
      const left = await countWaiting(ids).catch(() => null);
      if (gone) return;
      setFailing(left === null);
      if (left !== null) onWaiting(left);
      if (left !== 0) timer = setTimeout(look, POLL);
    };
    look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);
  const done = all - of.waiting;
  return html`
    <label>${t(of.waiting ? "report.sending" : "report.all_sent", done, all)}
      <progress max=${all} value=${done}></progress>
    </label>
    <${Announced} done=${done} all=${all} />
    <p role="status" class="error">${failing && t("report.unknown")}</p>
  `;
};

const SHOWN_FIRST = 100;

/** @param {{ of: Page.Report, lines: Api.ReportLine[], fixed: Set<Api.ReportLine>, body: Page.Ref }} props */
const Lines = ({ of, lines, fixed, body }) => html`
  <div class="scroll" tabindex="0" role="region" aria-label=${t("report.lines")}>
    <table>
      <thead><tr><th>${t("report.line")}</th><th>${t("report.raw")}</th><th>${t("report.status")}</th></tr></thead>
      <tbody ref=${body}>
        ${lines.map(
          (line) => html`
            <tr class=${isBad(line) ? "bad" : ""}>
              <td>${placeOf(line.line, of.fields)}</td>
              <td>
                <${fixed.has(line) ? "del" : "span"} class="raw">${line.raw}<//>
                ${line.email && line.email !== line.raw && html`<span class="small">${line.email}</span>`}
              </td>
              <td>
                ${
                  fixed.has(line)
                    ? html`<span class="tag">${t("report.fixed")}</span>`
                    : html`<span class=${`tag ${line.status}`}>${explainLine(line, of)}</span>`
                }
              </td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  </div>
`;

/**
 * What can be done about a report. It stands above the lines: there may be a thousand.
 *
 * @param {{ of: Page.Report, changed: boolean, bad: number, onFix: Page.Work, onSend: Page.Work }} props
 */
const Actions = ({ of, changed, bad, onFix, onSend }) => {
  const good = of.dryRun && !changed ? (of.counts.queued ?? 0) : 0;
  if (!good && !bad) return null;
  return html`
    <div class="choices">
      ${good > 0 && html`<${AsyncButton} class="first" run=${onSend}>${t("invite.send", good)}<//>`}
      ${bad > 0 && html`<${AsyncButton} class=${good ? "" : "first"} run=${onFix}>${t("report.fix", bad)}<//>`}
    </div>
  `;
};

/**
 * @param {Page.Report} of
 * @param {boolean} changed
 */
const titleOf = (of, changed) => {
  if (!of.dryRun) return t("report.done");
  if (changed) return t("report.before");
  return t(of.left ? "report.left" : "report.checked");
};

/**
 * The report. Lines to fix come first: they are what there is to do. It stays while the form is `changed`, and tells
 * which lines are `fixed`.
 *
 * @param {{
 *   of: Page.Report,
 *   changed: boolean,
 *   fixed: Set<Api.ReportLine>,
 *   heading: Page.Ref,
 *   onFix: Page.Work,
 *   onSend: Page.Work,
 *   onWaiting: (waiting: number) => void,
 *   failure: Page.Content,
 * }} props
 */
export const Report = ({ of, changed, fixed, heading, onFix, onSend, onWaiting, failure }) => {
  const [all, setAll] = useState(false);
  /** @type {Page.Ref} */
  const body = useRef();
  useEffect(() => setAll(false), [of.lines]);
  const bad = toFix(of);
  const lines = [...bad, ...of.lines.filter((line) => !isBad(line))];
  const counts = /** @type {[Api.LineStatus, number][]} */ (Object.entries(of.counts));
  const shown = all ? lines : lines.slice(0, SHOWN_FIRST);
  const showAll = () => {
    setAll(true);
    setTimeout(() => focusOn(body.current?.children[SHOWN_FIRST]));
  };
  return html`
    <section class="report" aria-labelledby="report">
      <h2 id="report" tabindex="-1" ref=${heading}>${titleOf(of, changed)}</h2>
      <ul class="counts">
        ${counts.map(
          ([status, count]) => html`
            <li class=${`tag ${status}`}>${labelOf(status, of)} <strong>${figure(count)}</strong></li>
          `,
        )}
      </ul>
      ${of.dryRun && !of.left && !changed && html`<p class="small">${t("report.nothing_sent")}</p>`}
      ${!of.dryRun && (of.counts.queued ?? 0) > 0 && html`<${Progress} key=${of.batch_id} of=${of} onWaiting=${onWaiting} />`}
      <${Actions} of=${of} changed=${changed} bad=${bad.length - fixed.size} onFix=${onFix} onSend=${onSend} />
      ${failure}
      ${of.bulk && html`<${Lines} of=${of} lines=${shown} fixed=${fixed} body=${body} />`}
      ${
        of.bulk &&
        lines.length > shown.length &&
        html`<p class="more"><button type="button" onClick=${showAll}>${t("report.show_all", lines.length)}</button></p>`
      }
      <p class="small">${t("report.quota", of.quota.remaining, of.quota.limit, moment(of.quota.resets_at))}</p>
    </section>
  `;
};
