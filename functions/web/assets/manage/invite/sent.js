// The invitations that were sent, with what became of each.

import { at, call } from "../api.js";
import { day, moment, t } from "../language.js";
import { AsyncButton, confirm, Empty, html, notify, useEffect, useId, useState } from "../parts/base.js";
import { changed, List, useList } from "../parts/list.js";

/** @type {Api.InvitationState[]} */
const STATES = ["queued", "sent", "accepted", "undeliverable", "expired", "revoked"];
/** @type {Api.InvitationState[]} */
const OPEN = ["queued", "sent"];

/** How long after a mail the API sends another one. */
const COOL_DOWN = 24 * 3_600_000;

/** @param {{ of: Api.Invitation, onChange: (change: Partial<Api.Invitation>) => void }} props */
const Invitation = ({ of, onChange }) => {
  const path = at("/invitations", of.invitation_id);
  const resend = async () => {
    onChange(await call("POST", `${path}/resend`));
    notify({ text: t("invitations.resent", of.email) });
  };
  const revoke = async () => {
    const wanted = await confirm({
      title: t("invitations.revoke.title", of.email),
      text: t("invitations.revoke.text"),
      label: t("invitations.revoke"),
      leave: t("back"),
    });
    if (!wanted) return;
    await call("DELETE", path);
    onChange({ state: "revoked" });
    notify({ text: t("invitations.revoked", of.email) });
  };
  const again = of.state === "sent" && of.sent_at ? new Date(of.sent_at).getTime() + COOL_DOWN : null;
  const early = again !== null && Date.now() < again;
  const hint = useId();
  return html`
    <li class="row">
      <div class="about">
        <p class="name">${of.email}</p>
        <p class="facts">
          <span class=${`tag ${of.state}`}>${t(`state.${of.state}`)}</span>
          <span>${of.sent_at ? t("invitations.sent_at", moment(of.sent_at)) : t("invitations.created_at", moment(of.created_at))}</span>
          ${OPEN.includes(of.state) && html`<span>${t("invitations.until", day(of.expires_at))}</span>`}
          ${early && html`<span id=${hint}>${t("invitations.again_from", moment(again))}</span>`}
        </p>
      </div>
      <div class="actions">
        ${
          of.state === "sent" &&
          html`<${AsyncButton} class="quiet" disabled=${early} aria-describedby=${early ? hint : undefined}
          aria-label=${t("invitations.resend.of", of.email)} run=${resend}>${t("invitations.resend")}<//>`
        }
        ${
          OPEN.includes(of.state) &&
          html`<${AsyncButton} class="quiet" aria-label=${t("invitations.revoke.of", of.email)} run=${revoke}>${t("invitations.revoke")}<//>`
        }
      </div>
    </li>
  `;
};

/**
 * The list; a new `version` loads it again.
 *
 * @param {{ version: number }} props
 */
export const SentInvitations = ({ version }) => {
  const [state, setState] = useState("");
  const list = useList("invitations", "/invitations", { state });
  useEffect(() => {
    if (version > 0) list.reload();
  }, [version]);
  /** @param {Api.Invitation} invitation */
  const each = (invitation) => html`
    <${Invitation} key=${invitation.invitation_id} of=${invitation}
      onChange=${(/** @type {Partial<Api.Invitation>} */ how) =>
        list.change(changed("invitation_id", invitation.invitation_id, how))} />
  `;
  return html`
    <section aria-labelledby="invitations">
      <h2 id="invitations">${t("invitations")}</h2>
      <div class="bar">
        <label><span class="visually-hidden">${t("invitations.state")}</span>
          <select value=${state} onChange=${(/** @type {Page.FieldEvent} */ { target }) => setState(target.value)}>
            <option value="">${t("invitations.all")}</option>
            ${STATES.map((value) => html`<option value=${value}>${t(`state.${value}`)}</option>`)}
          </select>
        </label>
      </div>
      <${List} of=${list} label=${t("invitations")} each=${each}
        empty=${html`<${Empty} title=${t("invitations.none")} text=${state ? "" : t("invitations.none.text")} />`} />
    </section>
  `;
};
