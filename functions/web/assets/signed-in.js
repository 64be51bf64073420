// Where the issuer sends people back to: completes the sign-in, and goes back to where it was started.

import { completeSignIn, started } from "./session.js";

const show = (view, { back = "/", language }) => {
  const of = (tag) => document.getElementById(`${view}-${tag}`);
  const tag = [language, document.documentElement.lang].find(of);
  const main = document.querySelector("main");
  document.documentElement.lang = tag;
  main.replaceChildren(of(tag).content);
  main.removeAttribute("aria-busy");
  main.querySelector("a").href = back;
  const heading = main.querySelector("h1");
  document.title = heading.textContent;
  heading.focus();
};

// The language that was chosen on the Manage Contacts page.
const remembered = () => {
  try {
    return localStorage.getItem("language");
  } catch {
    return null;
  }
};

document.querySelector(".late").remove();
try {
  location.replace(await completeSignIn());
} catch (error) {
  console.warn(error);
  const attempt = started();
  if (attempt) show("failed", attempt);
  else show("elsewhere", { language: remembered() });
}
