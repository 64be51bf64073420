// Takes the token out of the address bar. The tab keeps it, so that a reload still knows it; the form goes to it.

const path = "/u/_";
if (location.pathname !== path) {
  sessionStorage.setItem("unsubscribe", location.pathname);
  history.replaceState(null, "", path + location.search + location.hash);
}
for (const form of document.forms) {
  // Not `form.action`: that is its button of this name.
  form.setAttribute("action", (sessionStorage.getItem("unsubscribe") ?? path) + location.search);
}
