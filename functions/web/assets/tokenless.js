// The address of a link without its token, as after a reload: goes back to the link, if this entry of the tab's
// history has it.

const link = history.state?.link;
if (link) {
  location.replace(link + location.search + location.hash);
} else {
  const main = document.querySelector("main");
  main.replaceChildren(document.getElementById("lost").content);
  const heading = main.querySelector("h1");
  document.title = heading.textContent;
  heading.focus();
}
