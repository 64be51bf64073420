// The Manage Contacts page: the frame of the chat screen, who is signed in, and which view is shown.

import { accessToken, leave as leaveIssuer, mayResume, signIn, signOut } from "../session.js";
import { call, session } from "./api.js";
import { forgetDrafts, takeUpDrafts } from "./drafts.js";
import * as language from "./language.js";
import {
  AsyncButton,
  Avatar,
  Component,
  Failure,
  html,
  Loading,
  Notices,
  notify,
  render,
  useEffect,
  useListener,
  useRef,
  useState,
} from "./parts/base.js";

const { known, t } = language;
const { product } = /** @type {{ product: string }} */ (document.body.dataset);

/**
 * The views, by the address's fragment. Each is loaded when it is first opened.
 *
 * @type {Record<Page.ViewName, () => Promise<Page.View>>}
 */
const views = {
  contacts: () => import("./contacts/view.js"),
  requests: () => import("./requests/view.js"),
  search: () => import("./search/view.js"),
  invite: () => import("./invite/view.js"),
  connect: () => import("./connect/view.js"),
  settings: () => import("./settings/view.js"),
};
/** @type {Exclude<Page.ViewName, "settings">[]} */
const tabs = ["contacts", "requests", "search", "invite", "connect"];

const person = "M5.5 8a3.5 3.5 0 1 1 7 0 3.5 3.5 0 1 1-7 0M2.5 20c0-4 2.7-6 6.5-6s6.5 2 6.5 6";
/** The lines of each tab's icon. */
const icons = {
  contacts: `${person}M16 4.7a3.4 3.4 0 0 1 0 6.6M18 14.4c2.3.9 3.5 2.7 3.5 5.6`,
  requests: `${person}M19 7v6M16 10h6`,
  search: "M4 10.5a6.5 6.5 0 1 1 13 0 6.5 6.5 0 1 1-13 0M15.5 15.5 21 21",
  invite: "M3 5h18v14H3zM3 7l9 6 9-6",
  connect: "M9 12h6M10 7H8a5 5 0 0 0 0 10h2M14 7h2a5 5 0 0 1 0 10h-2",
};

/**
 * @param {string} fragment
 * @returns {Page.ViewName}
 */
const viewOf = (fragment) => {
  const [name = ""] = fragment.slice(1).split("?");
  // Not `in`: the address may name what every object has.
  return Object.hasOwn(views, name) ? /** @type {Page.ViewName} */ (name) : "contacts";
};

const here = () => location.pathname + location.search + location.hash;

/**
 * The other language, by its own name.
 *
 * @param {{ onChoose: Page.App["choose"] }} props
 */
const LanguageSwitch = ({ onChoose }) => {
  const tag = language.language() === "ja" ? "en" : "ja";
  return html`<${AsyncButton} class="quiet language" lang=${tag} run=${() => onChoose(tag)}>${t(`language.${tag}`)}<//>`;
};

/**
 * A menu that opens at a button; the browser closes it on Escape and on a press elsewhere.
 *
 * @param {{ id: string, label: string, button: Page.Content, children: Page.Content }} props
 */
const Menu = ({ id, label, button, children }) => {
  /** @type {Page.Ref} */
  const menu = useRef();
  return html`
    <button type="button" class="icon" aria-label=${label} popovertarget=${id}>${button}</button>
    <div id=${id} class="menu" popover="auto" ref=${menu} onClick=${() => menu.current?.hidePopover()}>${children}</div>
  `;
};

// Where the view is open already, the address stays as it is and nothing else happens; the menu closes first.
const toSearch = () =>
  setTimeout(() => /** @type {HTMLElement | null} */ (document.querySelector("[role=search] input"))?.focus());

// No link: the address's fragment is the view.
const toContent = () => /** @type {HTMLElement | null} */ (document.querySelector("main h1"))?.focus();

/** @param {{ me: Api.Me | undefined, onChoose: Page.App["choose"] }} props */
const Header = ({ me, onChoose }) => html`
  <header class="frame">
    ${me && html`<button type="button" class="skip" onClick=${toContent}>${t("frame.skip")}</button>`}
    ${
      me &&
      html`<${Menu} id="add-menu" label=${t("frame.menu")} button=${html`<span aria-hidden="true">╋</span>`}>
      <a href="#search" onClick=${toSearch}>${t("frame.add_contact")}</a>
      <a href="#invite">${t("tab.invite")}</a>
      <a href="#connect">${t("tab.connect")}</a>
    <//>`
    }
    <span class="product">${product}</span>
    ${me && html`<a class="button quiet manage" href="#contacts">${t("frame.manage")}</a>`}
    <${LanguageSwitch} onChoose=${onChoose} />
    ${
      me &&
      html`<${Menu} id="me-menu" label=${t("frame.me", me.name)} button=${html`<${Avatar} of=${me} />`}>
      <p class="who"><strong>${me.name}</strong><span class="small">${me.email}</span></p>
      <a href="#settings">${t("tab.settings")}</a>
      <button type="button" onClick=${() => session.dispatchEvent(new Event("leave"))}>${t("frame.sign_out")}</button>
    <//>`
    }
  </header>
`;

/**
 * The tabs: a bar at the lower edge of a narrow screen, with short labels.
 *
 * @param {{ view: Page.ViewName, incoming: number }} props
 */
const Tabs = ({ view, incoming }) => html`
  <nav class="tabs" aria-label=${t("frame.manage")}>
    ${tabs.map(
      (name) => html`
        <a href=${`#${name}`} aria-current=${name === view ? "page" : undefined}>
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d=${icons[name]} /></svg>
          <span class="long">${t(`tab.${name}`)}</span><span class="short">${t(`tab.${name}.short`)}</span>
          ${
            name === "requests" &&
            incoming > 0 &&
            html` <span class="badge"><span class="visually-hidden">${t("tab.waiting")} </span>${language.upTo99(incoming)}</span>`
          }
        </a>
      `,
    )}
  </nav>
`;

/**
 * For who is not signed in: what this is, and two ways in.
 *
 * @param {{ title: string, text: string, only?: "register", anew?: boolean, heading?: Page.Ref }} props
 */
const Welcome = ({ title, text, only, anew = false, heading }) => {
  /** @param {SignIn.Wish} wish */
  const go = (wish) => () => signIn({ back: here(), ...wish });
  return html`
    <main class="sheet welcome">
      <h1 tabindex="-1" ref=${heading}>${title}</h1>
      <p>${text}</p>
      <div class="choices">
        ${only !== "register" && html`<${AsyncButton} class="first" run=${go({ other: anew })}>${t("sign_in")}<//>`}
        <${AsyncButton} class=${only === "register" ? "first" : ""} run=${go({ register: true })}>${t("register")}<//>
        ${only === "register" && html`<${AsyncButton} class="quiet" run=${go({ other: true })}>${t("welcome.other")}<//>`}
      </div>
    </main>
  `;
};

/**
 * One view; a fault of it is said, and does not take the frame away.
 *
 * @typedef {{ name: Page.ViewName, module: Page.View | undefined, app: Page.App }} ViewProps
 *
 * @extends {Component<ViewProps, { problem?: Page.Problem }>}
 */
class View extends Component {
  state = {};

  static getDerivedStateFromError() {
    return { problem: {} };
  }

  /** @param {unknown} error */
  componentDidCatch(error) {
    console.error(error);
  }

  /** @param {ViewProps} before */
  componentDidUpdate(before) {
    if (before.name !== this.props.name) this.setState({ problem: undefined });
  }

  /**
   * @param {ViewProps} props
   * @param {{ problem?: Page.Problem }} state
   */
  render({ module, app }, { problem }) {
    if (problem) return html`<${Failure} of=${problem} />`;
    return module ? html`<${module.default} app=${app} />` : html`<${Loading} />`;
  }
}

const useFragment = () => {
  const [fragment, setFragment] = useState(location.hash);
  useListener(globalThis, "hashchange", () => setFragment(location.hash));
  return fragment;
};

/**
 * The module of a view, none while that is null; a load that failed can be tried again.
 *
 * @typedef {{ view?: Page.ViewName, module?: Page.View, problem?: Page.Problem }} Loaded
 *
 * @param {Page.ViewName | null} view
 * @returns {Loaded & { again: () => void }}
 */
const useModule = (view) => {
  const [loaded, setLoaded] = useState(/** @type {Loaded} */ ({}));
  const load = () => {
    if (!view) return;
    setLoaded({ view });
    views[view]().then(
      (module) => setLoaded({ view, module }),
      () => setLoaded({ view, problem: { code: "offline" } }),
    );
  };
  useEffect(load, [view]);
  return { ...(loaded.view === view ? loaded : {}), again: load };
};

/**
 * Follows what happens to a person, none while that is empty. It is no part of the first load: who is not signed in has
 * nothing to follow.
 *
 * @param {string} person
 * @param {() => Promise<Api.Summary | null>} ask
 * @param {() => void} onLeft
 */
const useFollowing = (person, ask, onLeft) =>
  useEffect(() => {
    if (!person) return undefined;
    const started = import("./following.js").then(({ follow }) => follow({ person, ask, onLeft }));
    // A page that does not follow shows all the rest.
    return () => started.then((stop) => stop()).catch(() => {});
  }, [person]);

/**
 * Who is signed in: their profile, their figures, and what came of inviting. `parting` is how the last session ended.
 *
 * @typedef {{ state: "loading" | "ready" | "failed", profile?: Api.Me, problem?: Page.Problem }} Myself
 */
const useAccount = () => {
  const [signedIn, setSignedIn] = useState(accessToken() !== null);
  const [parting, setParting] = useState(/** @type {"ended" | "left" | null} */ (null));
  const [me, setMe] = useState(/** @type {Myself} */ ({ state: "loading" }));
  const [summary, setSummary] = useState(/** @type {Api.Summary | null} */ (null));
  // By person: it goes on while its tab is not open.
  const [reports, setReports] = useState(/** @type {Map<string, Page.Report | null>} */ (new Map()));
  const person = me.profile?.user_id ?? "";

  // Figures of a moment ago are better than none.
  const refresh = async () => {
    const found = await call("GET", "/contacts/summary").catch(() => null);
    if (found) setSummary(found);
    return found;
  };
  const begin = async () => {
    setMe({ state: "loading" });
    try {
      const profile = await call("GET", "/me");
      takeUpDrafts(profile.user_id);
      setMe({ state: "ready", profile });
      refresh();
    } catch (thrown) {
      setMe({ state: "failed", problem: /** @type {Page.Problem} */ (thrown) });
    }
  };
  /** @param {"ended" | "left"} how */
  const leave = (how) => {
    signOut();
    if (how === "left") {
      forgetDrafts();
      // An issuer out of reach keeps nobody signed in here.
      leaveIssuer().catch(() => {});
    }
    setMe({ state: "loading" });
    setSummary(null);
    setReports(new Map());
    setParting(how);
    setSignedIn(false);
    notify({ text: t(`welcome.${how}`, product), spoken: true });
  };

  useListener(session, "ended", () => leave("ended"));
  useListener(session, "leave", () => leave("left"));
  useEffect(() => {
    if (signedIn) begin();
  }, [signedIn]);
  useFollowing(person, refresh, () => leave("left"));
  return {
    signedIn,
    parting,
    me,
    summary,
    begin,
    refresh,
    /** @param {Api.Me} profile */
    changeMe: (profile) => setMe({ state: "ready", profile }),
    report: reports.get(person) ?? null,
    /** @type {Page.App["setReport"]} */
    setReport: (change) => setReports((all) => new Map(all).set(person, change(all.get(person) ?? null))),
  };
};

/**
 * For who is signed in: the tabs, and the view that is open.
 *
 * @param {{
 *   account: ReturnType<typeof useAccount>,
 *   view: Page.ViewName,
 *   loaded: ReturnType<typeof useModule>,
 *   app: Partial<Page.App>,
 *   heading: Page.Ref,
 * }} props
 */
const Screen = ({ account, view, loaded, app, heading }) => {
  const { me, summary, begin } = account;
  const shown = () => {
    if (me.state === "failed") return html`<${Failure} of=${me.problem} again=${begin} />`;
    if (loaded.problem) return html`<${Failure} of=${loaded.problem} again=${loaded.again} />`;
    return html`<${View} name=${view} module=${me.profile && loaded.module} app=${app} />`;
  };
  return html`
    <div class="screen">
      <${Tabs} view=${view} incoming=${summary?.requests.incoming ?? 0} />
      <main class="sheet">
        <h1 tabindex="-1" ref=${heading}>${known(`heading.${view}`, `tab.${view}`)}</h1>
        ${shown()}
      </main>
    </div>
  `;
};

const App = () => {
  const account = useAccount();
  const { signedIn, parting, me } = account;
  const [, setLanguage] = useState(language.language());
  const fragment = useFragment();
  const view = viewOf(fragment);
  const loaded = useModule(signedIn ? view : null);
  /** @type {Page.Ref} */
  const heading = useRef();
  const first = useRef(true);

  /** @param {Api.Locale} tag */
  const choose = async (tag) => {
    await language.choose(tag);
    setLanguage(tag);
  };
  const waiting = account.summary?.requests.incoming ?? 0;
  useEffect(() => {
    // A tab in the background shows no more than this.
    const number = waiting > 0 ? `(${language.upTo99(waiting)}) ` : "";
    document.title = `${number}${t(me.profile ? `tab.${view}` : "frame.manage")} – ${product}`;
  });
  useEffect(() => {
    // A reader of the screen follows to what was opened; the first view leaves the focus where the browser has it.
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [view, signedIn]);

  const content = () => {
    if (!signedIn) {
      // Whoever signed out is asked by the issuer who they are, though it may still know them.
      const text = t(parting ? `welcome.${parting}` : "welcome.text", product);
      return html`<${Welcome} title=${t("frame.manage")} text=${text} anew=${parting === "left"} heading=${heading} />`;
    }
    if (me.state === "failed" && me.problem?.code === "not_registered") {
      const text = t("welcome.register", product);
      return html`<${Welcome} title=${t("welcome.not_registered")} text=${text} only="register" />`;
    }
    const { summary, refresh, changeMe, report, setReport } = account;
    const query = new URLSearchParams(fragment.split("?")[1]);
    const app = { me: me.profile, query, report, setReport, summary, refresh, choose, changeMe };
    return html`<${Screen} account=${account} view=${view} loaded=${loaded} app=${app} heading=${heading} />`;
  };
  return html`
    <${Header} me=${me.profile} onChoose=${choose} />
    ${content()}
    <${Notices} />
  `;
};

// Whoever signed in with this browser is signed in here too, if the issuer still knows them.
const resumed =
  mayResume() &&
  (await signIn({ back: here(), silent: true }).then(
    () => true,
    () => false,
  ));
// The page is on its way to the issuer then, and what it shows now stays until it is there.
if (resumed) await new Promise(() => {});

await language.begin();
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.replaceChildren();
render(html`<${App} />`, root);
