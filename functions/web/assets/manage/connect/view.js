// One's share links: handing them out, and what can be done with each.

import { at, call } from "../api.js";
import { figure, moment, t } from "../language.js";
import { AsyncButton, confirm, Empty, html, notify, tell, useEffect, useId, useRef, useState } from "../parts/base.js";
import { changed, List, useList, without } from "../parts/list.js";
import { Settings } from "./settings.js";

/** More than there may be. */
const ALL = "100";

/** @typedef {{ link: Api.ShareLink, name: string, state: ReturnType<typeof stateOf> }} NamedLink */

/**
 * The link's QR code, drawn by the API.
 *
 * @param {NamedLink} props
 */
const QrCode = ({ link, name, state }) => {
  const [address, setAddress] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    /** @type {string | undefined} */
    let made;
    let gone = false;
    // The code of another address must not stand beside this one.
    setAddress(null);
    call("GET", `${at("/share-links", link.link_id)}/qr.svg`).then((svg) => {
      if (gone) return;
      made = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
      setAddress(made);
    }, tell);
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [link.url]);
  return html`
    <div class=${state === "on" ? "qr" : "qr dead"}>
      ${address && html`<img src=${address} alt=${t("connect.qr", name)} width="160" height="160" />`}
      ${
        // What is printed cannot be taken back.
        address &&
        state === "on" &&
        html`<a class="small" href=${address} download="contacts-link.svg"
        aria-label=${t("named", t("connect.qr.save"), name)}>${t("connect.qr.save")}</a>`
      }
    </div>
  `;
};

/** @param {NamedLink} props */
const Address = ({ link, name, state }) => {
  const on = state === "on";
  const id = useId();
  /** @type {Page.Ref<HTMLInputElement>} */
  const field = useRef();
  const copy = async () => {
    await navigator.clipboard.writeText(link.url).catch(() => {
      // Without the right to write there, the marked text can be copied by hand.
      field.current?.select();
      throw { code: "no_clipboard" };
    });
    notify({ text: t("connect.copied") });
  };
  return html`
    <div class="field">
      <label for=${id}>${t("connect.url")}</label>
      <div class="together">
        <input id=${id} ref=${field} readonly aria-label=${t("named", t("connect.url"), name)} value=${link.url}
          onFocus=${(/** @type {Page.FieldEvent} */ { target }) => on && target.select()} />
        <${AsyncButton} class=${on ? "first" : ""} disabled=${!on} aria-label=${t("named", t("connect.copy"), name)} run=${copy}>${t("connect.copy")}<//>
      </div>
      ${state !== "on" && html`<p class="error">${t(`connect.dead.${state}`)}</p>`}
    </div>
  `;
};

/** @param {{ link: Api.ShareLink }} props */
const Facts = ({ link }) => {
  const limit = link.max_uses === null ? "" : ` / ${figure(link.max_uses)}`;
  return html`
    <dl class="figures">
      <div><dt>${t("connect.views")}</dt><dd>${figure(link.views)}</dd></div>
      <div><dt>${t("connect.uses")}</dt><dd>${figure(link.uses)}<small>${limit}</small></dd></div>
      <div><dt>${t("connect.last_used")}</dt><dd class="text">${link.last_used_at ? moment(link.last_used_at) : t("connect.never")}</dd></div>
      <div><dt>${t("connect.expiry")}</dt><dd class="text">${link.expires_at ? moment(link.expires_at) : t("connect.no_expiry")}</dd></div>
    </dl>
    <p class="small">${t(`connect.approval.${link.approval}.hint`)}</p>
  `;
};

/** @param {Api.ShareLink} link */
const stateOf = (link) => {
  if (!link.enabled) return "off";
  if (link.expires_at && new Date(link.expires_at) <= new Date()) return "expired";
  return link.max_uses !== null && link.uses >= link.max_uses ? "used_up" : "on";
};

/** So many links are open at once; among more, only the newest one is. */
const MOST_OPEN = 5;

/**
 * A link's card. What is in it, its QR code too, is made once it is open.
 *
 * @param {NamedLink & { open: boolean, children: Page.Content }} props
 */
const Card = ({ name, state, open: first, children }) => {
  const [open, setOpen] = useState(first);
  return html`
    <li class="card" aria-label=${name}>
      <details open=${open} onToggle=${(/** @type {Page.Toggle} */ { target }) => setOpen(target.open)}>
        <summary class="card-head">
          <strong class="name">${name}</strong>
          <span class=${`tag ${state}`}>${t(`connect.state.${state}`)}</span>
        </summary>
        ${open && children}
      </details>
    </li>
  `;
};

/**
 * @param {{
 *   of: Api.ShareLink,
 *   only: boolean,
 *   open: boolean,
 *   onChange: (link: Api.ShareLink) => void,
 *   onGone: () => void,
 *   onSettings: () => void,
 * }} props
 */
const Link = ({ of: link, only, open, onChange, onGone, onSettings }) => {
  const path = at("/share-links", link.link_id);
  const name = link.name ?? t("connect.unnamed");
  const rotate = async () => {
    const wanted = await confirm({
      title: t("connect.rotate.title"),
      text: t("connect.rotate.text"),
      label: t("connect.rotate"),
    });
    if (!wanted) return;
    onChange(await call("POST", `${path}/rotate`));
    notify({ text: t("connect.rotated") });
  };
  const toggle = async () => {
    onChange(await call("PATCH", path, { enabled: !link.enabled }));
    notify({ text: t(link.enabled ? "connect.off" : "connect.on") });
  };
  const remove = async () => {
    const wanted = await confirm({
      title: t("connect.delete.title", name),
      text: t("connect.delete.text"),
      label: t("connect.delete"),
    });
    if (!wanted) return;
    await call("DELETE", path);
    onGone();
    notify({ text: t("connect.deleted") });
  };
  /**
   * Every link has these, so each is named with its link.
   *
   * @param {Page.PlainKey} key
   * @param {Page.Work} run
   * @param {"danger" | "first" | ""} [kind]
   */
  const act = (key, run, kind) => html`
    <${AsyncButton} class=${kind} aria-label=${t("named", t(key), name)} run=${run}>${t(key)}<//>
  `;
  const state = stateOf(link);
  return html`
    <${Card} name=${name} state=${state} open=${open}>
      <div class="beside">
        <${QrCode} link=${link} name=${name} state=${state} />
        <div class="grow"><${Address} link=${link} name=${name} state=${state} /><${Facts} link=${link} /></div>
      </div>
      <div class="choices">
        ${link.enabled ? act("connect.switch_off", toggle) : act("connect.switch_on", toggle, "first")}
        ${act("connect.settings", onSettings, state === "expired" || state === "used_up" ? "first" : "")}
        ${act("connect.rotate", rotate, "danger")}
        ${!only && act("connect.delete", remove, "danger")}
      </div>
    <//>
  `;
};

/** The view. */
export default () => {
  const [editing, setEditing] = useState(/** @type {{ link?: Api.ShareLink } | null} */ (null));
  const list = useList("share_links", "/share-links", { limit: ALL });
  // The newest first, which is the last that the API tells of.
  const newest = list.items.at(-1);
  const few = list.items.length <= MOST_OPEN;
  /** @param {Api.ShareLink} link */
  const save = (link) => {
    list.change((links) => (editing?.link ? changed("link_id", link.link_id, link)(links) : [...links, link]));
    // An answer that comes late finds another dialog open, or none.
    setEditing((open) => (open === editing ? null : open));
    notify({ text: t("saved") });
  };
  return html`
    <p>${t("connect.text")}</p>
    <p><button type="button" onClick=${() => setEditing({})}><span aria-hidden="true">+ </span>${t("connect.new")}</button></p>
    <${List} of=${{ ...list, items: list.items.toReversed() }} label=${t("tab.connect")} empty=${html`<${Empty} title=${t("connect.none")} />`}
      each=${(/** @type {Api.ShareLink} */ link) => html`
        <${Link} key=${link.link_id} of=${link} only=${list.items.length === 1}
          open=${few || link === newest}
          onChange=${(/** @type {Api.ShareLink} */ how) => list.change(changed("link_id", link.link_id, how))}
          onGone=${() => list.change(without("link_id", link.link_id))} onSettings=${() => setEditing({ link })} />
      `} />
    ${editing && html`<${Settings} link=${editing.link} onClose=${() => setEditing(null)} onSaved=${save} />`}
  `;
};
