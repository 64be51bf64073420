// The page behind an invite link. It signs people in (OpenID Connect, code flow with PKCE), asks what the link is
// for them, and does what they press, never by itself. The sign-in's token stays in this module's memory.

const WITHOUT_TOKEN = "/i/_";
const main = document.querySelector("main");
const shown = document.getElementById("case");
const notice = document.getElementById("alert");
const anonymous = [...shown.childNodes];
const { authority, client, redirect } = main.dataset;

let bearer;
let key;

const take = (name) => {
  const value = sessionStorage.getItem(name);
  sessionStorage.removeItem(name);
  return value;
};

// The link's token, which leaves the address bar: the tab keeps it, so that a reload comes back to the link.
const link = (() => {
  const inPath = location.pathname.slice("/i/".length);
  if (/^[\w-]{43}$/.test(inPath)) {
    sessionStorage.setItem("link", inPath);
    history.replaceState(null, "", WITHOUT_TOKEN + location.search);
    return inPath;
  }
  const kept = sessionStorage.getItem("link");
  if (location.pathname === WITHOUT_TOKEN && kept) location.replace(`/i/${kept}${location.search}`);
  return undefined;
})();

const show = (nodes, view) => {
  shown.replaceChildren(...nodes);
  main.dataset.view = view;
  shown.querySelector("h1")?.focus();
};

// Shows a case of the page; false when it has none of that name.
const showCase = (name) => {
  const template = document.getElementById(`case-${name}`);
  if (template) show([template.content.cloneNode(true)], name);
  return Boolean(template);
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
  } catch {
    say(failure);
  } finally {
    enable(true);
    if (focused?.isConnected && document.activeElement === document.body) focused.focus();
  }
};

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

const json = async (response) => {
  if (!response.ok) throw new Error(response.status);
  return response.json();
};

const issuer = async () => {
  const found = await json(
    await fetch(`${authority.replace(/\/$/, "")}/.well-known/openid-configuration`, { credentials: "omit" }),
  );
  if (found.issuer !== authority) throw new Error("another issuer");
  return found;
};

const signIn = async (register) => {
  const { authorization_endpoint, prompt_values_supported } = await issuer();
  const started = { link, search: location.search, state: random(), nonce: random(), verifier: random() };
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(started.verifier));
  const url = new URL(authorization_endpoint);
  const asked = {
    response_type: "code",
    client_id: client,
    redirect_uri: redirect,
    scope: "openid",
    state: started.state,
    nonce: started.nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
    ui_locales: document.documentElement.lang,
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  // An issuer that does not know this prompt would refuse it; its sign-in page offers to register.
  if (register && prompt_values_supported?.includes("create")) url.searchParams.set("prompt", "create");
  sessionStorage.setItem("sign-in", JSON.stringify(started));
  location.assign(url);
};

const signedIn = async (started, answer) => {
  if (answer.get("state") !== started.state || !answer.get("code")) throw new Error("not our sign-in");
  if ((answer.get("iss") ?? authority) !== authority) throw new Error("another issuer");
  const { token_endpoint } = await issuer();
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: answer.get("code"),
    redirect_uri: redirect,
    client_id: client,
    code_verifier: started.verifier,
  });
  const tokens = await json(await fetch(token_endpoint, { method: "POST", body, credentials: "omit" }));
  // It comes straight from the issuer, so its signature need not be checked, only that it answers this sign-in.
  const claims = JSON.parse(atob(tokens.id_token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  if (claims.nonce !== started.nonce) throw new Error("not our sign-in");
  bearer = tokens.access_token;
};

const call = (path, method, headers = {}) =>
  fetch(`/invite-links/${link}${path}`, {
    method,
    headers: { ...headers, authorization: `Bearer ${bearer}` },
    credentials: "omit",
    cache: "no-store",
  });

// A refusal is a case of the page, or else a failure that can be tried again.
const refused = async (response) => {
  if (response.status === 401) {
    show(anonymous, "redeemable");
    return say("signIn");
  }
  const { code } = await response.json();
  if (!showCase(response.status === 404 ? "unknown" : code)) throw new Error(code);
};

const look = async () => {
  try {
    const response = await call("", "GET");
    if (!response.ok) return await refused(response);
    const { view } = await response.json();
    if (!showCase(view)) throw new Error(view);
  } catch {
    showCase("failed");
  }
};

const press = async () => {
  // The same key until there is an answer, so that trying again does nothing twice.
  key ??= crypto.randomUUID();
  const response = await call("/redemptions", "POST", { "idempotency-key": key });
  if (!response.ok) return refused(response);
  const { outcome } = await response.json();
  if (!showCase(outcome)) throw new Error(outcome);
};

const actions = {
  "sign-in": () => busily("signIn", () => signIn(false)),
  register: () => busily("signIn", () => signIn(true)),
  look: () => busily("service", look),
  press: () => busily("service", press),
};

main.addEventListener("click", (event) => actions[event.target.closest("button[data-do]")?.dataset.do]?.());

const answer = link ? take("signed-in") : null;
const started = answer === null ? null : JSON.parse(take("sign-in") ?? "null");
if (started?.link === link && link) {
  busily("signIn", async () => {
    await signedIn(started, new URLSearchParams(answer));
    await look();
  });
}
