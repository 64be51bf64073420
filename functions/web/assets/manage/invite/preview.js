// The mail as its reader would see it.

import { call } from "../api.js";
import { t } from "../language.js";
import { Dialog, Failure, html, Loading, useEffect, useRef, useState } from "../parts/base.js";

/**
 * The markup under names that no policy looks at: a style in it would be refused, and reported, when it is parsed.
 *
 * @param {string} source
 */
const disarmed = (source) =>
  source.replace(/<[^>]+>/g, (tag) =>
    tag.replace(/^<(\/?)style\b/, "<$1template").replaceAll(" style=", " data-style="),
  );

/**
 * An element of the mail, without what it has in it, and without what could lead away or run.
 *
 * @param {Element} source
 */
const copyOf = (source) => {
  const element = document.createElement(source.localName);
  for (const { name, value } of source.attributes) {
    if (name === "data-style") element.style.cssText = value;
    else if (name !== "href" && !name.startsWith("on")) element.setAttribute(name, value);
  }
  return element;
};

/**
 * @param {Element} from
 * @param {Element} to
 */
const copyContent = (from, to) => {
  for (const node of from.childNodes) {
    if (node instanceof Text) to.append(node.data);
    if (!(node instanceof Element) || ["TEMPLATE", "SCRIPT"].includes(node.tagName)) continue;
    const element = copyOf(node);
    to.append(element);
    copyContent(node, element);
  }
};

/**
 * Puts the mail's HTML into a shadow tree, where its style touches nothing else. The page's policy takes no style from
 * markup, so the mail's own is set through the object model. Nothing in it can be pressed: its links lead nowhere.
 *
 * @param {Element} host
 * @param {string} source
 */
const showMail = (host, source) => {
  const mail = new DOMParser().parseFromString(disarmed(source), "text/html");
  const sheets = [...mail.querySelectorAll("template")].map((element) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(element.content.textContent);
    return sheet;
  });
  const body = document.createElement("div");
  body.lang = mail.documentElement.lang;
  body.style.cssText = mail.body.getAttribute("data-style") ?? "";
  copyContent(mail.body, body);
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = sheets;
  root.replaceChildren(body);
};

/** @param {{ mail: Api.Mail }} props */
const Shown = ({ mail }) => {
  /** @type {Page.Ref} */
  const host = useRef();
  useEffect(() => {
    if (host.current) showMail(host.current, mail.html);
  }, [mail]);
  return html`
    <dl class="mail-head">
      <div><dt>${t("preview.from")}</dt><dd>${mail.from}</dd></div>
      <div><dt>${t("preview.subject")}</dt><dd>${mail.subject}</dd></div>
    </dl>
    <div class="mail" tabindex="0" role="region" aria-label=${t("preview.mail")} ref=${host}></div>
  `;
};

/**
 * The dialog.
 *
 * @param {Pick<Page.InviteForm, "message" | "locale"> & { onClose: () => void }} props
 */
export const Preview = ({ message, locale, onClose }) => {
  const [mail, setMail] = useState(/** @type {Api.Mail | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Page.Problem | null} */ (null));
  useEffect(() => {
    call("POST", "/invitations/preview", { message, locale: locale || undefined }).then(setMail, setProblem);
  }, []);
  return html`
    <${Dialog} title=${t("preview")} onClose=${onClose}>
      ${problem && html`<${Failure} of=${problem} />`}
      ${mail ? html`<${Shown} mail=${mail} />` : !problem && html`<${Loading} rows=${2} />`}
      <div class="choices"><button type="button" onClick=${onClose}>${t("close")}</button></div>
    <//>
  `;
};
