// What became of each line, and how far the mails of a call are.

import { call, withQuery } from "./api.js";
import { figure, known, moment, t } from "./language.js";
import { Act, Empty, html, useEffect, useState } from "./parts.js";

const TO_MEND = ["invalid", "over_quota"];

const explainLine = (line) => {
  const duplicate = line.duplicate_of_line !== null && t("line.duplicate_of", line.duplicate_of_line);
  const reason = line.reason && known(`problem.${line.reason}`, "line.invalid_email");
  return [t(`line.${line.status}`), duplicate, reason].filter(Boolean).join(": ");
};

/** What is wrong with the address fields, by their number. */
export const unmarked = ({ lines }, fields) =>
  new Map(
    lines
      .filter(({ line, status }) => line <= fields && status !== "queued")
      .map((line) => [line.line, explainLine(line)]),
  );

const POLL = 1_500;
const A_PAGE = 100;

/** How many of these invitations still wait to be sent. */
const countWaiting = async (ids) => {
  let waiting = 0;
  let cursor;
  do {
    const page = await call("GET", withQuery("/invitations", { state: "queued", limit: A_PAGE, cursor }));
    waiting += page.invitations.filter(({ invitation_id: id }) => ids.has(id)).length;
    cursor = page.next_cursor;
  } while (cursor);
  return waiting;
};

const QUARTERS = 4;

/** The progress for who does not see it: at the start, at each quarter and at the end. */
const Announced = ({ done, all }) => {
  const [begun, setBegun] = useState(false);
  // What a region has from the start is read out by nobody.
  useEffect(() => setBegun(true), []);
  const percent = (Math.floor((done * QUARTERS) / all) * 100) / QUARTERS;
  return html`<p class="visually-hidden" role="status">${begun && t("report.progress", percent, all)}</p>`;
};

/** Follows the mails of a call until all are sent. */
const Progress = ({ ids, onSent }) => {
  const [waiting, setWaiting] = useState(ids.size);
  useEffect(() => {
    let timer;
    let gone = false;
    const look = async () => {
      const left = await countWaiting(ids).catch(() => null);
      if (gone) return;
      if (left !== null) setWaiting(left);
      if (left === 0) onSent();
      else timer = setTimeout(look, POLL);
    };
    look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [ids]);
  const done = ids.size - waiting;
  return html`
    <label>${t(waiting ? "report.sending" : "report.all_sent", done, ids.size)}
      <progress max=${ids.size} value=${done}></progress>
    </label>
    <${Announced} done=${done} all=${ids.size} />
  `;
};

const SHOWN_FIRST = 100;

/** The report. Lines to mend come first: they are what there is to do. */
export const Report = ({ of, heading, onMend, onSent }) => {
  const [all, setAll] = useState(false);
  const [ids, setIds] = useState(null);
  useEffect(() => {
    setAll(false);
    const made = of.dryRun ? [] : of.lines.filter(({ status }) => status === "queued").map((line) => line.invitation_id);
    setIds(made.length ? new Set(made) : null);
  }, [of]);
  const isBad = ({ status }) => TO_MEND.includes(status);
  const bad = of.lines.filter(isBad);
  // Before anything is sent, all lines are in the form still, and what is wrong is mended there.
  const toMend = of.dryRun ? 0 : bad.length;
  const lines = [...bad, ...of.lines.filter((line) => !isBad(line))];
  const shown = all ? lines : lines.slice(0, SHOWN_FIRST);
  return html`
    <section class="report" aria-labelledby="report">
      <h2 id="report" tabindex="-1" ref=${heading}>${t(of.dryRun ? "report.checked" : "report.done")}</h2>
      <ul class="counts">
        ${Object.entries(of.counts).map(
          ([status, count]) => html`<li class=${`tag ${status}`}>${t(`line.${status}`)} <strong>${figure(count)}</strong></li>`,
        )}
      </ul>
      ${of.dryRun && html`<p class="small">${t("report.nothing_sent")}</p>`}
      ${ids && html`<${Progress} key=${of.batch_id} ids=${ids} onSent=${onSent} />`}
      ${lines.length === 0
        ? html`<${Empty} title=${t("report.empty")} />`
        : html`<div class="scroll" tabindex="0" role="region" aria-label=${t("report.lines")}>
            <table>
              <thead><tr><th>${t("report.line")}</th><th>${t("report.raw")}</th><th>${t("report.status")}</th></tr></thead>
              <tbody>
                ${shown.map(
                  (line) => html`
                    <tr class=${isBad(line) ? "bad" : ""}>
                      <td>${figure(line.line)}</td>
                      <td>
                        <span class="raw">${line.raw}</span>
                        ${line.email && line.email !== line.raw && html`<span class="small">${line.email}</span>`}
                      </td>
                      <td><span class=${`tag ${line.status}`}>${explainLine(line)}</span></td>
                    </tr>
                  `,
                )}
              </tbody>
            </table>
          </div>`}
      <div class="choices">
        ${lines.length > shown.length &&
        html`<button type="button" onClick=${() => setAll(true)}>${t("report.show_all", lines.length)}</button>`}
        ${toMend > 0 && html`<${Act} class="first" run=${onMend}>${t("report.mend", toMend)}<//>`}
      </div>
      <p class="small">${t("report.quota", of.quota.remaining, of.quota.limit, moment(of.quota.resets_at))}</p>
    </section>
  `;
};
