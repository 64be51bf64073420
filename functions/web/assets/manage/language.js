// The language of the page: chosen here and remembered, else the one that the server chose for the browser.

/** @type {Api.Locale[]} */
const KNOWN = ["ja", "en"];
const REMEMBERED = "language";

/** @type {Partial<Page.Texts>} */
let texts = {};

/** The language's tag. */
export const language = () => document.documentElement.lang;

/**
 * A text by its key. Texts with figures or names in them are functions of these.
 *
 * @template {Page.Key} K
 * @param {K} key
 * @param {Page.Values<K>} values
 */
export const t = (key, ...values) => {
  const text = /** @type {string | ((...values: Page.Values<K>) => string) | undefined} */ (texts[key]);
  return typeof text === "function" ? text(...values) : (text ?? key);
};

/**
 * The first of these texts that exists, as for the codes of the API.
 *
 * @param {[...string[], Page.PlainKey]} keys
 */
export const known = (...keys) => {
  const key = keys.find((key) => Object.hasOwn(texts, key)) ?? keys.at(-1);
  return t(/** @type {Page.PlainKey} */ (key));
};

const loaders = { ja: () => import("./texts/ja.js"), en: () => import("./texts/en.js") };

/** @param {Api.Locale} tag */
const load = async (tag) => {
  ({ default: texts } = await loaders[tag]());
  document.documentElement.lang = tag;
};

// A browser that stores nothing for the page throws at each try; the language is then not remembered.
const remembered = () => {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
};
/** @param {Api.Locale} tag */
const remember = (tag) => {
  try {
    localStorage.setItem(REMEMBERED, tag);
  } catch {
    // As above.
  }
};

/** Loads the texts of the page's language. */
export const begin = () => {
  const asked = new URLSearchParams(location.search).get("lang");
  const tags = [asked, remembered(), language()];
  const wanted = tags.map((tag) => KNOWN.find((known) => known === tag)).find(Boolean);
  return load(wanted ?? "en");
};

/**
 * Switches, and remembers.
 *
 * @param {Api.Locale} tag
 */
export const choose = async (tag) => {
  await load(tag);
  remember(tag);
  // The choice counts, not what the address asked for.
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  history.replaceState(history.state, "", url);
};

// As the browser's own kind of the page's language has it: who reads British English has British dates.
const regional = () => navigator.languages.find((tag) => tag.split("-")[0] === language()) ?? language();

/** @type {Intl.DateTimeFormatOptions} */
const DAY = { year: "numeric", month: "short", day: "numeric" };

/**
 * A figure, as the language writes it.
 *
 * @param {number} number
 */
export const figure = (number) => new Intl.NumberFormat(language()).format(number);

/**
 * A figure where there is room for two digits.
 *
 * @param {number} number
 */
export const upTo99 = (number) => (number > 99 ? "99+" : figure(number));

/**
 * A day.
 *
 * @param {Api.Time} time
 */
export const day = (time) => new Intl.DateTimeFormat(regional(), DAY).format(new Date(time));

/**
 * The same with its time.
 *
 * @param {Api.Time | number} time
 */
export const moment = (time) =>
  new Intl.DateTimeFormat(regional(), { ...DAY, hour: "numeric", minute: "2-digit" }).format(new Date(time));
