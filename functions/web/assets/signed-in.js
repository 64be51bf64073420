// Where the issuer sends people back to: completes the sign-in, and goes back to where it was started.

import { cameFrom, completeSignIn } from "./session.js";

try {
  location.replace(await completeSignIn());
} catch (error) {
  console.warn(error);
  const main = document.querySelector("main");
  main.replaceChildren(document.getElementById("failed").content);
  main.removeAttribute("aria-busy");
  document.getElementById("back").href = cameFrom();
  main.querySelector("h1").focus();
}
