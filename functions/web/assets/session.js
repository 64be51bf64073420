// Who is signed in, for all pages: OpenID Connect, code flow with PKCE. The token is kept for this tab only, and
// never where other tabs or later visits could find it. A sign-in that was started may end in another tab, as
// registering does by the link in an issuer's mail.

// Every page that signs in says these in its body.
const { authority, client: client_id, redirect } = /** @type {SignIn.Client} */ (document.body.dataset);
const client = { client_id };

const SESSION = "session";
// In local storage: that somebody signed in with this browser, and nothing of who.
const KNOWN = "signed-in";
const STARTED = "sign-in";

/** A token that ends sooner than this is of no use for what comes next. */
const SLACK = 10_000;

/** @param {string} name */
const read = (name) => {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
};
/**
 * @param {string} name
 * @param {object} value
 */
const write = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

// A browser that stores nothing for these pages throws at each try.
class NoStorage extends Error {
  code = "no_storage";
}

// What was started, sealed for the other tabs by its state: that comes with the issuer's answer and is nowhere
// else, so what local storage holds is of use to nobody without it. Each state seals once, which lets the counter
// start at zero.
const algorithm = { name: "AES-GCM", iv: new Uint8Array(12) };
/** @param {string} state */
const keyOf = async (state) => {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(state));
  return crypto.subtle.importKey("raw", hash, "AES-GCM", false, ["encrypt", "decrypt"]);
};
/** @param {SignIn.Attempt} value */
const seal = async (value) => {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt(algorithm, await keyOf(value.state), text);
  return JSON.stringify([...new Uint8Array(sealed)]);
};
/**
 * @param {string} sealed
 * @param {string} state
 */
const unseal = async (sealed, state) => {
  const bytes = Uint8Array.from(JSON.parse(sealed));
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, await keyOf(state), bytes)));
};

/** The token for calls of the API, or null when nobody is signed in or the time is over. */
export const accessToken = () => {
  /** @type {SignIn.Session | null} */
  const session = read(SESSION);
  return session && session.expires > Date.now() + SLACK ? session.token : null;
};

export const signOut = () => sessionStorage.removeItem(SESSION);

/**
 * Whether the issuer may still know who is here, though this tab does not: somebody signed in with this browser, and
 * has not signed out.
 */
export const mayResume = () => {
  try {
    return accessToken() === null && localStorage.getItem(KNOWN) !== null;
  } catch {
    return false;
  }
};

/**
 * An address to go back to, if it is one of this very origin; else the start. Whole, never its path alone: the path of
 * `/.//elsewhere.example` would lead there.
 *
 * @param {string} back
 */
export const ownAddress = (back) => {
  const url = URL.canParse(back, location.origin) ? new URL(back, location.origin) : null;
  const own = url?.origin === location.origin && url.protocol === location.protocol;
  return own ? url.href : `${location.origin}/`;
};

// The library is large, and needed only on the way to the issuer and back.
const issuer = async () => {
  const oauth = await import("./vendor/oauth4webapi.js");
  const url = new URL(authority);
  // Plain HTTP is for the issuer of the local stack.
  const local = url.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  const options = { [oauth.allowInsecureRequests]: local };
  const found = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
  return { oauth, found, options };
};

/** @param {SignIn.Attempt} attempt */
const begin = async (attempt) => {
  const sealed = await seal(attempt);
  try {
    signOut();
    write(STARTED, attempt);
    localStorage.setItem(STARTED, sealed);
  } catch (cause) {
    throw new NoStorage("the browser stores nothing for this page", { cause });
  }
};

/** The sign-in that this tab is at, or null: its `language`, and where to go `back` to. */
export const started = () => {
  /** @type {SignIn.Attempt | null} */
  const attempt = read(STARTED);
  return attempt && { ...attempt, back: ownAddress(attempt.back) };
};

/**
 * What the issuer's answer belongs to, which is this tab's own from here on.
 *
 * @param {string} state
 * @returns {Promise<SignIn.Attempt>}
 */
const adopt = async (state) => {
  const own = started();
  if (own?.state === state) return own;
  const attempt = await unseal(localStorage.getItem(STARTED) ?? "", state);
  write(STARTED, attempt);
  return { ...attempt, back: ownAddress(attempt.back) };
};

/**
 * Signs out for good: other tabs are not signed in by themselves any more. The issuer is told where its cookie comes
 * along, which is on this very origin alone; any other is asked to sign in anew the next time.
 */
export const leave = async () => {
  signOut();
  localStorage.removeItem(KNOWN);
  const { found } = await issuer();
  const end = found.end_session_endpoint;
  if (end && new URL(end).origin === location.origin) await fetch(end, { method: "POST" });
};

/**
 * Which page of the issuer is wanted. One that does not know a prompt would refuse it; without `create` its sign-in
 * page offers to register.
 *
 * @param {SignIn.Wish} wish
 * @param {unknown} known
 */
const promptOf = ({ register, other, silent }, known) => {
  if (silent) return "none";
  if (other) return "login";
  return register && Array.isArray(known) && known.includes("create") ? "create" : null;
};

/**
 * Goes to the issuer. `back` is where to go afterwards; `register`: to make an account first, if the issuer can be
 * asked for that; `other`: not as who is signed in there already; `silent`: only if the issuer asks nobody anything.
 *
 * @param {SignIn.Wish & { back: string }} wish
 */
export const signIn = async ({ back, ...wish }) => {
  // Once: it is set again by what succeeds, so that nothing that fails is tried for ever.
  if (wish.silent) localStorage.removeItem(KNOWN);
  const { oauth, found } = await issuer();
  const attempt = {
    back,
    silent: wish.silent ?? false,
    language: document.documentElement.lang,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  };
  if (!found.authorization_endpoint) throw new Error("the issuer says nowhere to sign in");
  const url = new URL(found.authorization_endpoint);
  const asked = {
    response_type: "code",
    client_id,
    redirect_uri: redirect,
    scope: "openid",
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: "S256",
    ui_locales: attempt.language,
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  const prompt = promptOf(wish, found.prompt_values_supported);
  if (prompt) url.searchParams.set("prompt", prompt);
  await begin(attempt);
  // Nobody wants to go back to what they did not see.
  if (wish.silent) location.replace(url.href);
  else location.assign(url.href);
};

/** Takes the issuer's answer out of the address, keeps the token, and answers where to go back to. */
export const completeSignIn = async () => {
  const answer = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);
  const attempt = await adopt(answer.get("state") ?? "");
  const { oauth, found, options } = await issuer();
  const checked = oauth.validateAuthResponse(found, client, answer, attempt.state);
  const tokens = await oauth.processAuthorizationCodeResponse(
    found,
    client,
    await oauth.authorizationCodeGrantRequest(
      found,
      client,
      oauth.None(),
      checked,
      redirect,
      attempt.verifier,
      options,
    ),
    { expectedNonce: attempt.nonce, requireIdToken: true },
  );
  write(SESSION, { token: tokens.access_token, expires: Date.now() + (tokens.expires_in ?? 3600) * 1000 });
  sessionStorage.removeItem(STARTED);
  localStorage.removeItem(STARTED);
  localStorage.setItem(KNOWN, "true");
  return attempt.back;
};
