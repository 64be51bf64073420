// A local stack for tests: its own process, in memory, on a free port; and what scripts may ask of it under `/_local`.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

// The binary that `cargo test` has built.
const binary = process.env.CONTACTS_LOCAL ?? `${root}target/debug/contacts-local`;

// Starts a stack. `options` are those of the command line; without any it keeps nothing and starts empty.
export const startStack = async (options = ["--memory"]) => {
  const child = spawn(binary, [...options, "--port", "0"], {
    cwd: root,
    env: { ...process.env, RUST_LOG: process.env.RUST_LOG ?? "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Whatever ends this process, a failed test or Ctrl-C, ends the stack.
  const end = () => child.kill("SIGKILL");
  process.on("exit", end);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    ...calls(await originOf(child)),
    stop: async () => {
      process.off("exit", end);
      child.kill("SIGTERM");
      await ended;
    },
  };
};

/**
 * It prints where it listens, and a last line once it is ready.
 *
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} child
 * @returns {Promise<string>}
 */
const originOf = (child) =>
  new Promise((resolve, reject) => {
    /** @type {string | undefined} */
    let origin;
    child.once("error", (error) => reject(new Error(`${binary}: ${error.message}`)));
    child.once("exit", (code) => reject(new Error(`the stack does not start: exit code ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      origin ??= /^Open (\S+)$/.exec(line)?.[1];
      if (line === "Ctrl-C ends it." && origin) resolve(origin);
    });
  });

/** @param {string} origin */
const calls = (origin) => {
  let people = 0;

  /**
   * @param {string} method
   * @param {string} path
   * @param {{ body?: unknown, token?: string }} [call]
   */
  const send = async (method, path, { body, token } = {}) => {
    /** @type {Record<string, string>} */
    const headers = { "content-type": "application/json" };
    if (token) headers.authorization = `Bearer ${token}`;
    const answer = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status}: ${text}`);
    return text && JSON.parse(text);
  };
  const idle = () => send("POST", "/_local/idle");

  return {
    origin,
    idle,

    /**
     * Registers somebody: `name`, and what else `POST /_local/users` takes. An address is made up.
     *
     * @param {Tests.Registration} registration
     * @returns {Promise<Tests.Person>}
     */
    person: async (registration) => {
      people += 1;
      const person = { email: `person${people}@people.example`, ...registration };
      const made = await send("POST", "/_local/users", { body: person });
      return { ...person, userId: made.user_id, token: made.access_token };
    },

    /**
     * A token for somebody who is registered.
     *
     * @param {string} email
     * @returns {Promise<{ access_token: string }>}
     */
    token: (email) => send("POST", "/_local/token", { body: { email } }),

    /**
     * A call of the HTTP API as somebody; what is no success throws.
     *
     * @template {Api.Method} M
     * @template {string} P
     * @param {Pick<Tests.Person, "token">} person
     * @param {M} method
     * @param {Api.Path<M, P>} path
     * @param {Api.Body<M, P>} [body]
     * @returns {Promise<Api.Answer<M, P>>}
     */
    api: (person, method, path, body) => send(method, path, { body, token: person.token }),

    /**
     * The mail captured for an address, oldest first, once all that is due was sent.
     *
     * @param {string} address
     * @returns {Promise<Tests.Mail[]>}
     */
    mailTo: async (address) => {
      await idle();
      return (await send("GET", `/_local/mail?to=${encodeURIComponent(address)}`)).mail;
    },

    /**
     * Puts the table out of reach while something is done.
     *
     * @param {() => Promise<void>} work
     */
    withoutStore: async (work) => {
      await send("POST", "/_local/dynamodb/faults", { body: [{ error: "unreachable", times: 100_000 }] });
      try {
        await work();
      } finally {
        await send("DELETE", "/_local/dynamodb/faults");
      }
    },

    /**
     * To how many addresses of a domain mail was captured, and how much, once all that is due was sent.
     *
     * @param {string} domain
     */
    mailOf: async (domain) => {
      await idle();
      /** @type {{ mail: Tests.Mail[] }} */
      const { mail } = await send("GET", "/_local/mail");
      const addresses = mail.map(({ to }) => to).filter((to) => to.endsWith(`@${domain}`));
      return { mails: addresses.length, addresses: new Set(addresses).size };
    },

    /**
     * Lets time pass, and what became due be done.
     *
     * @param {number} seconds
     */
    clock: async (seconds) => {
      await send("POST", "/_local/clock", { body: { advance_seconds: seconds } });
      await idle();
    },
  };
};
