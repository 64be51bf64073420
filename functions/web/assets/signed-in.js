// Where the issuer sends people back to: hands its answer to the link that they came from.

const started = JSON.parse(sessionStorage.getItem("sign-in") ?? "null");
if (started && /^[\w-]{43}$/.test(started.link)) {
  sessionStorage.setItem("signed-in", location.search);
  location.replace(`/i/${started.link}${started.search}`);
}
