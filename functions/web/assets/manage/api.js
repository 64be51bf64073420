// Calls of the HTTP API, with the token of the session.

import { accessToken, signOut } from "../session.js";

/** An answer that is no success: `status` 0 when there was none. `code` and `errors` as the API's problems have them. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {Api.Problem} [body]
   */
  constructor(status, body = {}) {
    super(body.detail ?? body.message ?? `status ${status}`);
    this.status = status;
    this.code = body.code ?? (status === 0 ? "offline" : "failed");
    this.errors = body.errors ?? [];
  }
}

/**
 * What happens to who is signed in: `ended` when the API no longer takes the token, `leave` when they sign out, `acted`
 * when something was done, and `news` when lists have to look again.
 */
export const session = new EventTarget();

const ATTEMPTS = 3;
const LONGEST_WAIT = 5_000;

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param {Response | undefined} response */
const waitFor = (response) => {
  const seconds = Number(response?.headers.get("retry-after"));
  return Math.min(seconds > 0 ? seconds * 1_000 : 500, LONGEST_WAIT);
};

/**
 * What was answered; nothing for what the API never answers, as the page of a network that asks to sign in to it.
 *
 * @param {Response} response
 */
const read = async (response) => {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("json")) return response.json();
  if (type.includes("svg")) return response.text();
  return response.status === 204 ? null : undefined;
};

/**
 * 409 says when to come again only while the same call is still running.
 *
 * @param {Response} response
 */
const asksForPatience = ({ status, headers }) => status === 503 || (status === 409 && headers.has("retry-after"));

/**
 * What may be tried again by itself: nothing was answered, or the service asks for patience.
 *
 * @param {string} path
 * @param {RequestInit} options
 */
const send = async (path, options) => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(path, options).catch(() => undefined);
    if (attempt === ATTEMPTS || (response && !asksForPatience(response))) return response;
    await pause(waitFor(response));
  }
};

/** How long somebody may take to try again what was not answered. Later the same call is a new wish. */
const SAME_WISH = 10 * 60_000;

/**
 * The idempotency keys of what was asked for and not answered, by path and content.
 *
 * @type {Map<string, { key: string, made: number }>}
 */
const keys = new Map();

/** @param {string} wish */
const keyOf = (wish) => {
  for (const [old, { made }] of keys) if (made + SAME_WISH < Date.now()) keys.delete(old);
  const kept = keys.get(wish) ?? { key: crypto.randomUUID(), made: Date.now() };
  keys.set(wish, kept);
  return kept.key;
};

/**
 * Whether an answer tells what came of the call: another try of the same is another wish then.
 *
 * @param {Response} response
 * @param {unknown} answer
 */
const isFinal = (response, answer) =>
  response.ok ? answer !== undefined : response.status < 500 && !asksForPatience(response);

/**
 * Calls the API and answers the parsed body, `null` without one.
 * A POST has an idempotency key, the same until it is answered, so that trying again does nothing twice.
 *
 * @template {Api.Method} M
 * @template {string} P
 * @param {M} method
 * @param {Api.Path<M, P>} path
 * @param {Api.Body<M, P>} [given]
 * @returns {Promise<Api.Answer<M, P>>}
 */
export const call = async (method, path, given) => {
  const body = given === undefined ? undefined : JSON.stringify(given);
  const wish = `${path} ${body ?? ""}`;
  /** @type {Record<string, string>} */
  const headers = { authorization: `Bearer ${accessToken()}` };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method === "POST") headers["idempotency-key"] = keyOf(wish);
  const response = await send(path, {
    method,
    headers,
    body,
    credentials: "omit",
    cache: "no-store",
  });
  if (!response) throw new Problem(0);
  const answer = await read(response).catch(() => undefined);
  if (isFinal(response, answer)) keys.delete(wish);
  if (response.ok && answer !== undefined) {
    if (method !== "GET") session.dispatchEvent(new Event("acted"));
    return answer;
  }
  if (response.status === 401) {
    signOut();
    session.dispatchEvent(new Event("ended"));
  }
  if (response.ok) throw new Problem(0);
  throw new Problem(response.status, typeof answer === "object" && answer ? answer : {});
};

/**
 * A path with its query; what is empty is left out.
 *
 * @template {string} P
 * @param {P} path
 * @param {Record<string, string | number | null | undefined>} parameters
 * @returns {P | `${P}?${string}`}
 */
export const withQuery = (path, parameters) => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if ((value ?? "") !== "") query.set(name, String(value));
  const given = String(query);
  return given ? `${path}?${given}` : path;
};

/**
 * The path of one thing of a list.
 *
 * @template {string} P
 * @param {P} path
 * @param {string} id
 * @returns {`${P}/${string}`}
 */
export const at = (path, id) => `${path}/${encodeURIComponent(id)}`;
