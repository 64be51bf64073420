// Where the issuer sends people back to: completes the sign-in, and goes back to where it was started.

import { completeSignIn, started } from "./session.js";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/**
 * @param {"failed" | "elsewhere"} view
 * @param {{ back?: string, language: string | null }} attempt
 */
const show = (view, { back = "/", language }) => {
  // Each view is there in each language.
  const of = (tag = "") => /** @type {HTMLTemplateElement} */ (document.getElementById(`${view}-${tag}`));
  const tag = language && of(language) ? language : document.documentElement.lang;
  document.documentElement.lang = tag;
  main.replaceChildren(of(tag).content);
  main.removeAttribute("aria-busy");
  const link = main.querySelector("a");
  if (link) link.href = back;
  const heading = main.querySelector("h1");
  document.title = heading?.textContent ?? "";
  heading?.focus();
};

// The language that was chosen on the Manage Contacts page.
const remembered = () => {
  try {
    return localStorage.getItem("language");
  } catch {
    return null;
  }
};

document.querySelector(".late")?.remove();
try {
  location.replace(await completeSignIn());
} catch (error) {
  console.warn(error);
  const attempt = started();
  // Nobody asked for this one: the page they opened offers to sign in.
  if (attempt?.silent) location.replace(attempt.back);
  else if (attempt) show("failed", attempt);
  else show("elsewhere", { language: remembered() });
}
