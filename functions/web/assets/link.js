// The page behind an invite link: asks what the link is for who is signed in, and does what they press, never by
// itself. Whoever only looks at it loads no more than this.

// What the page has in any case.
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const shown = /** @type {HTMLElement} */ (document.getElementById("case"));
const badge = /** @type {Element} */ (document.getElementById("badge"));
const slow = /** @type {HTMLElement} */ (document.getElementById("slow"));
const notice = /** @type {HTMLElement} */ (document.getElementById("alert"));
const { content: product } = /** @type {HTMLMetaElement} */ (document.querySelector("[property='og:site_name']"));
// Where it has no cases, nobody is named either.
const who = document.getElementById("who");
const anonymous = { nodes: [...shown.childNodes], look: { ...main.dataset } };
// Its page brings cases for few, and names nobody.
const dead = anonymous.look.view !== "anonymous";

/** How long something may take before that is said. */
const PATIENCE = 4_000;

/**
 * What was sent, and under which key: the same until there is an answer, so that trying again does nothing twice.
 *
 * @type {{ body: string, key: string } | undefined}
 */
let attempt;
/** @type {HTMLButtonElement | null} */
let pressed = null;

const session = () => import("./session.js");

// A browser that stores nothing for this page throws.
const signedIn = () => {
  try {
    return Boolean(sessionStorage.getItem("session"));
  } catch {
    return false;
  }
};

// As `mayResume` of the session says, without a load of it for who has never been here.
const maySignIn = () => {
  try {
    return localStorage.getItem("signed-in") !== null;
  } catch {
    return false;
  }
};

// The link's token, which leaves the address bar: the entry of the tab's history keeps it, so that a reload comes back.
const [, link] = /^\/i\/([\w-]{43})$/.exec(location.pathname) ?? [];
const address = `/i/${link}${location.search}`;
if (link) {
  history.replaceState({ link: location.pathname }, "", `/i/_${location.search}`);
  // The other language is one of this link, not of the address that hides it.
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const languages = document.querySelectorAll("nav a");
  for (const language of languages) language.href = `/i/${link}${language.search}`;
}

/**
 * @param {Node[]} nodes
 * @param {DOMStringMap} look
 */
const show = (nodes, { view, tone, icon }) => {
  shown.replaceChildren(...nodes);
  Object.assign(main.dataset, { view, tone, icon });
  badge.setAttribute("href", `#icon-${icon}`);
  const heading = /** @type {HTMLElement} */ (shown.querySelector("h1"));
  document.title = `${heading.textContent} – ${product}`;
  heading.focus();
};

/**
 * Shows a case of the page, to which a dead link adds the inviter's name, and is what it is for anybody where it has
 * none; false when a good link has none.
 *
 * @param {string} name
 * @param {Api.Inviter | null} [inviter]
 */
const showCase = (name, inviter) => {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById(`case-${name}`));
  if (template) {
    const content = document.importNode(template.content, true);
    if (dead) for (const place of content.querySelectorAll(".name")) place.prepend(inviter?.name ?? "");
    show([content], { view: name, ...template.dataset });
  } else if (dead) {
    show(anonymous.nodes, anonymous.look);
  }
  return Boolean(template) || dead;
};

/** @returns {HTMLTextAreaElement | null} What goes with a request, where there is one to send. */
const messageField = () => main.querySelector("textarea");

// The message of a press that came too late for the session waits in this tab for the same person's next one.
const KEPT = "message";
let me = "";
const keepMessage = () => {
  const message = messageField()?.value;
  if (message) sessionStorage.setItem(KEPT, JSON.stringify({ link, me, message }));
};
const restoreMessage = () => {
  const field = messageField();
  if (!field || !me) return;
  /** @type {{ link?: string, me?: string, message?: string } | null} */
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (kept?.link === link && kept?.me === me) field.value ||= kept?.message ?? "";
  sessionStorage.removeItem(KEPT);
};

/** @param {"signIn" | "ended" | "message" | "service" | "storage"} [what] */
const say = (what) => {
  notice.textContent = (what && notice.dataset[what]) ?? "";
};

/**
 * One thing at a time; what fails is said, and can be tried again.
 *
 * @param {"signIn" | "service"} failure
 * @param {() => Promise<void>} work
 */
const busily = async (failure, work) => {
  /** @param {boolean} enabled */
  const enable = (enabled) => {
    main.setAttribute("aria-busy", String(!enabled));
    pressed?.setAttribute("aria-busy", String(!enabled));
    for (const button of main.querySelectorAll("button")) button.disabled = !enabled;
  };
  const focused = document.activeElement;
  say();
  enable(false);
  const timer = setTimeout(() => {
    slow.textContent = slow.dataset.text ?? "";
  }, PATIENCE);
  try {
    await work();
  } catch (error) {
    console.warn(error);
    say(/** @type {Page.Problem} */ (error).code === "no_storage" ? "storage" : failure);
  } finally {
    clearTimeout(timer);
    slow.textContent = "";
    enable(true);
    const lost = document.activeElement === document.body;
    if (lost && focused instanceof HTMLElement && focused.isConnected) focused.focus();
  }
};

/**
 * @param {string} path
 * @param {RequestInit} [request]
 */
const call = async (path, { headers, ...request } = {}) => {
  const { accessToken } = await session();
  return fetch(path, {
    ...request,
    headers: { ...headers, authorization: `Bearer ${accessToken() ?? ""}` },
    credentials: "omit",
    cache: "no-store",
  });
};

/**
 * A refusal is a case of the page, or else a failure that can be tried again.
 *
 * @param {Response} response
 */
const refused = async (response) => {
  if (response.status === 401) {
    keepMessage();
    (await session()).signOut();
    if (who) who.hidden = true;
    show(anonymous.nodes, anonymous.look);
    return say("ended");
  }
  /** @type {Api.Problem} */
  const { code = "", errors = [] } = await response.json();
  if (errors.some(({ pointer }) => pointer === "/message")) {
    messageField()?.focus();
    messageField()?.setAttribute("aria-invalid", "true");
    return say("message");
  }
  const later = response.status === 429 || response.status >= 500;
  if (later || !showCase(response.status === 404 ? "unknown" : code)) throw new Error(code);
};

/** @param {HTMLElement} who */
const introduce = async (who) => {
  const response = await call("/me");
  if (response.status === 401) return;
  // Whoever is not registered has no name here, but may have another account.
  /** @type {Page.Named & { user_id: string }} */
  const { name, user_id } = response.ok ? await response.json() : { name: "", user_id: "" };
  me = user_id;
  const [said, place] = [who.querySelector("span"), who.querySelector("b")];
  if (said) said.hidden = !name;
  if (place) place.textContent = name;
  who.hidden = false;
};

const look = async () => {
  try {
    const response = await call(`/invite-links/${link}`);
    if (response.ok) {
      /** @type {Api.LinkView} */
      const { view, effect, inviter } = await response.json();
      if (!showCase(view === "redeemable" && effect ? effect : view, inviter)) throw new Error(view);
    } else {
      await refused(response);
    }
  } catch (error) {
    console.warn(error);
    showCase("failed");
  }
  // Only beside what it explains; without it the page says enough.
  if (who?.hidden && signedIn()) await introduce(who).catch(() => {});
  restoreMessage();
};

const press = async () => {
  const body = JSON.stringify({ message: messageField()?.value || undefined });
  if (attempt?.body !== body) attempt = { body, key: crypto.randomUUID() };
  const response = await call(`/invite-links/${link}/redemptions`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": attempt.key },
    body,
  });
  if (!response.ok) return refused(response);
  /** @type {Api.Redemption} */
  const { outcome } = await response.json();
  if (!showCase(outcome)) throw new Error(outcome);
};

/** @param {SignIn.Wish} wish */
const leave = async (wish) => (await session()).signIn({ back: address, ...wish });

/** @type {Record<string, () => Promise<void> | void>} */
const actions = {
  "sign-in": () => busily("signIn", () => leave({})),
  register: () => busily("signIn", () => leave({ register: true })),
  other: () => busily("signIn", () => leave({ other: true })),
  // A page that could not be made has no cases to show.
  look: () => (document.getElementById("case-failed") ? busily("service", look) : location.replace(address)),
  press: () => busily("service", press),
};

document.querySelector(".late")?.remove();
main.addEventListener("click", ({ target }) => {
  pressed = /** @type {Element} */ (target).closest("button[data-do]");
  actions[pressed?.dataset.do ?? ""]?.();
});

// Who signed in within this tab sees at once what the link is for them; an unknown one is nothing to anybody.
if (link && document.getElementById("case-failed")) {
  if (signedIn()) {
    showCase("looking");
    busily("service", look);
  } else if (maySignIn()) {
    // Without a word if that comes to nothing: the page offers to sign in.
    leave({ silent: true }).catch(console.warn);
  }
}
