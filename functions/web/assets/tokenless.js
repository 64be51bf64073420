// The address of a link without its token, as after a reload: goes back to the link, if this entry of the tab's
// history has it.

const link = history.state?.link;
if (link) {
  location.replace(link + location.search + location.hash);
} else {
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  main.replaceChildren(/** @type {HTMLTemplateElement} */ (document.getElementById("lost")).content);
  const heading = /** @type {HTMLElement} */ (main.querySelector("h1"));
  document.title = heading.textContent;
  heading.focus();
}
