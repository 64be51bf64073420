// The page behind an invite link: asks what the link is for who is signed in, and does what they press, never by
// itself. Whoever only looks at it loads no more than this.

const main = document.querySelector("main");
const shown = document.getElementById("case");
const badge = document.getElementById("badge");
const who = document.getElementById("who");
const notice = document.getElementById("alert");
const anonymous = { nodes: [...shown.childNodes], ...main.dataset };
// Its page brings cases for few, and names nobody.
const dead = anonymous.view !== "redeemable";
const product = document.querySelector("[property='og:site_name']").content;

let key;

const session = () => import("./session.js");

// A browser that stores nothing for this page throws.
const signedIn = () => {
  try {
    return Boolean(sessionStorage.getItem("session"));
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
  for (const language of document.querySelectorAll("nav a")) language.href = `/i/${link}${language.search}`;
}

const show = (nodes, { view, tone, icon }) => {
  shown.replaceChildren(...nodes);
  Object.assign(main.dataset, { view, tone, icon });
  badge.setAttribute("href", `#icon-${icon}`);
  const heading = shown.querySelector("h1");
  document.title = `${heading.textContent} – ${product}`;
  heading.focus();
};

// Shows a case of the page, to which a dead link adds the inviter's name, and is what it is for anybody where it has
// none; false when a good link has none.
const showCase = (name, inviter) => {
  const template = document.getElementById(`case-${name}`);
  if (template) {
    const content = template.content.cloneNode(true);
    if (dead) for (const place of content.querySelectorAll(".name")) place.prepend(inviter?.name ?? "");
    show([content], { view: name, ...template.dataset });
  } else if (dead) {
    show(anonymous.nodes, anonymous);
  }
  return Boolean(template) || dead;
};

const say = (what) => {
  notice.textContent = what ? notice.dataset[what] : "";
};

// One thing at a time; what fails is said, and can be tried again.
const busily = async (failure, work) => {
  const enable = (enabled) => {
    main.setAttribute("aria-busy", String(!enabled));
    for (const button of main.querySelectorAll("button")) button.disabled = !enabled;
  };
  const focused = document.activeElement;
  say();
  enable(false);
  try {
    await work();
  } catch (error) {
    console.warn(error);
    say(error.code === "no_storage" ? "storage" : failure);
  } finally {
    enable(true);
    if (focused?.isConnected && document.activeElement === document.body) focused.focus();
  }
};

const call = async (path, method = "GET", headers = {}) => {
  const { accessToken } = await session();
  return fetch(path, {
    method,
    headers: { ...headers, authorization: `Bearer ${accessToken() ?? ""}` },
    credentials: "omit",
    cache: "no-store",
  });
};

// A refusal is a case of the page, or else a failure that can be tried again.
const refused = async (response) => {
  if (response.status === 401) {
    (await session()).signOut();
    who.hidden = true;
    show(anonymous.nodes, anonymous);
    return say("ended");
  }
  const { code } = await response.json();
  const later = response.status === 429 || response.status >= 500;
  if (later || !showCase(response.status === 404 ? "unknown" : code)) throw new Error(code);
};

const introduce = async () => {
  const response = await call("/me");
  if (response.status === 401) return;
  // Whoever is not registered has no name here, but may have another account.
  const name = response.ok ? (await response.json()).name : "";
  who.querySelector("b").textContent = name;
  who.querySelector("span").hidden = !name;
  who.hidden = false;
};

const look = async () => {
  try {
    const response = await call(`/invite-links/${link}`);
    if (response.ok) {
      const { view, inviter } = await response.json();
      if (!showCase(view, inviter)) throw new Error(view);
    } else {
      await refused(response);
    }
  } catch (error) {
    console.warn(error);
    showCase("failed");
  }
  // Only beside what it explains; without it the page says enough.
  if (who.hidden && signedIn()) await introduce().catch(() => {});
};

const press = async () => {
  // The same key until there is an answer, so that trying again does nothing twice.
  key ??= crypto.randomUUID();
  const response = await call(`/invite-links/${link}/redemptions`, "POST", { "idempotency-key": key });
  if (!response.ok) return refused(response);
  const { outcome } = await response.json();
  if (!showCase(outcome)) throw new Error(outcome);
};

const leave = async (wish) => (await session()).signIn({ back: address, ...wish });

const actions = {
  "sign-in": () => busily("signIn", () => leave({})),
  register: () => busily("signIn", () => leave({ register: true })),
  other: () => busily("signIn", () => leave({ other: true })),
  // A page that could not be made has no cases to show.
  look: () => (document.getElementById("case-failed") ? busily("service", look) : location.replace(address)),
  press: () => busily("service", press),
};

document.querySelector(".late")?.remove();
main.addEventListener("click", (event) => actions[event.target.closest("button[data-do]")?.dataset.do]?.());

// Who signed in within this tab sees at once what the link is for them; an unknown one is nothing to anybody.
if (link && document.getElementById("case-failed") && signedIn()) {
  showCase("looking");
  busily("service", look);
}
