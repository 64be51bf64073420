// Takes the token out of the address bar. The entry of the tab's history keeps it, so that a reload comes back; the
// forms and the other language go to it.

const { pathname, search, hash } = location;
history.replaceState({ link: pathname }, "", `/u/_${search}${hash}`);
// Not `form.action`: that is its button of this name.
for (const form of document.forms) form.setAttribute("action", pathname + search);
/** @type {NodeListOf<HTMLAnchorElement>} */
const languages = document.querySelectorAll("nav a");
for (const language of languages) language.href = pathname + language.search;
