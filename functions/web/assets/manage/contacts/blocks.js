// Who is blocked.

import { at, call } from "../api.js";
import { t } from "../language.js";
import { AsyncButton, confirm, html, notify, Person, useEffect, useState } from "../parts/base.js";
import { List, useList, without } from "../parts/list.js";

/**
 * Blocks somebody, once that is confirmed. Answers what was done, or null.
 *
 * @param {Page.Someone} person
 */
export const block = async (person) => {
  const wanted = await confirm({
    title: t("blocks.block.title", person.name),
    text: t("blocks.block.text", person.name),
    label: t("blocks.block"),
  });
  if (!wanted) return null;
  await call("PUT", at("/blocks", person.user_id));
  return t("blocks.blocked", person.name);
};

/**
 * Who is blocked, for who wants to see it; a new `version` loads it again.
 *
 * @param {{ version: number }} props
 */
export const Blocked = ({ version }) => {
  const [open, setOpen] = useState(false);
  const list = useList("blocks", open ? "/blocks" : null);
  useEffect(() => {
    if (open && version > 0) list.reload();
  }, [version]);
  /** @param {Page.Someone} person */
  const unblock = (person) => async () => {
    await call("DELETE", at("/blocks", person.user_id));
    list.change(without("user_id", person.user_id));
    notify({ text: t("blocks.unblocked", person.name) });
  };
  /** @param {Api.BlockedPerson} person */
  const each = (person) => html`
    <${Person} key=${person.user_id} of=${person} facts=${[person.organization_name]} actions=${html`
      <${AsyncButton} aria-label=${t("blocks.unblock.of", person.name)} run=${unblock(person)}>${t("blocks.unblock")}<//>
    `} />
  `;
  return html`
    <details class="more-of" onToggle=${(/** @type {Page.Toggle} */ { target }) => setOpen(target.open)}>
      <summary>${t("blocks")}</summary>
      ${open && html`<${List} of=${list} label=${t("blocks")} each=${each} empty=${html`<p>${t("blocks.none")}</p>`} />`}
    </details>
  `;
};
