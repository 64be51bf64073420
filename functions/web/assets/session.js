// Who is signed in, for all pages: OpenID Connect, code flow with PKCE. The token is kept for this tab only, and
// never where other tabs or later visits could find it.

const { authority, client: client_id, redirect } = document.body.dataset;
const client = { client_id };

const SESSION = "session";
const STARTED = "sign-in";

/** A token that ends sooner than this is of no use for what comes next. */
const SLACK = 10_000;

const read = (name) => {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
};
const write = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

/** The token for calls of the API, or null when nobody is signed in or the time is over. */
export const accessToken = () => {
  const session = read(SESSION);
  return session && session.expires > Date.now() + SLACK ? session.token : null;
};

export const signOut = () => sessionStorage.removeItem(SESSION);

/**
 * An address to go back to, if it is one of this very origin; else the start. Whole, never its path alone: the path of
 * `/.//elsewhere.example` would lead there.
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

/**
 * Goes to the issuer. `back` is where to go afterwards; `register`: to make an account first, if the issuer can be
 * asked for that; `other`: not as who is signed in there already.
 */
export const signIn = async ({ back, register = false, other = false }) => {
  const { oauth, found } = await issuer();
  const started = {
    back: ownAddress(back),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  };
  const url = new URL(found.authorization_endpoint);
  const asked = {
    response_type: "code",
    client_id,
    redirect_uri: redirect,
    scope: "openid",
    state: started.state,
    nonce: started.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(started.verifier),
    code_challenge_method: "S256",
    ui_locales: document.documentElement.lang,
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  // An issuer that does not know this prompt would refuse it; its sign-in page offers to register.
  if (register && found.prompt_values_supported?.includes("create")) url.searchParams.set("prompt", "create");
  if (other) url.searchParams.set("prompt", "login");
  signOut();
  write(STARTED, started);
  location.assign(url);
};

/** Where a sign-in goes back to that was started in this tab and has not come to its end. */
export const cameFrom = () => ownAddress(read(STARTED)?.back ?? "/");

/** Takes the issuer's answer out of the address, keeps the token, and answers where to go back to. */
export const completeSignIn = async () => {
  const answer = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);
  const started = read(STARTED);
  if (!started) throw new Error("no sign-in was started here");
  const { oauth, found, options } = await issuer();
  const checked = oauth.validateAuthResponse(found, client, answer, started.state);
  const tokens = await oauth.processAuthorizationCodeResponse(
    found,
    client,
    await oauth.authorizationCodeGrantRequest(
      found,
      client,
      oauth.None(),
      checked,
      redirect,
      started.verifier,
      options,
    ),
    { expectedNonce: started.nonce, requireIdToken: true },
  );
  write(SESSION, { token: tokens.access_token, expires: Date.now() + (tokens.expires_in ?? 3600) * 1000 });
  const back = cameFrom();
  sessionStorage.removeItem(STARTED);
  return back;
};
