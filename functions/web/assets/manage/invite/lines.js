// Entries of a pasted text: what separates them, and where one stands.

// What separates addresses in the API's eyes: line ends, commas, semicolons and bars of any width.
export const SEPARATORS =
  /[\n-\r\x85\u2028\u2029,;|\u3001\uff64\uff0c\uff1b\uff5c\ufe10\ufe11\ufe14\ufe50\ufe51\ufe54]/u;

/** @param {string} text */
export const hasSeveral = (text) => SEPARATORS.test(text.trim());

// What an entry goes on with: beside it, what was the entry is a part of another one.
const OF_ADDRESSES = /[\p{L}\p{N}@._+%-]/u;

/**
 * Where an entry is in a text by itself, from a place on; -1 where it does not. `nobody@` is not in
 * `nobody@corp.example`: it may have become that.
 *
 * @param {string} text
 * @param {string} raw
 */
const indexOfEntry = (text, raw, from = 0) => {
  for (let begin = text.indexOf(raw, from); begin >= 0; begin = text.indexOf(raw, begin + 1)) {
    const beside = text.charAt(begin - 1) + text.charAt(begin + raw.length);
    if (!OF_ADDRESSES.test(beside)) return begin;
  }
  return -1;
};

/**
 * @param {string} text
 * @param {string} raw
 */
export const hasEntry = (text, raw) => indexOfEntry(text, raw) >= 0;

/**
 * Where an entry stands: in its line, which is counted from 1, else wherever edits have moved it.
 *
 * @param {string} text
 * @param {Pick<Api.ReportLine, "line" | "raw">} entry
 * @returns {[number, number]}
 */
export const rangeOf = (text, { line, raw }) => {
  const before = text.split("\n").slice(0, line - 1);
  const from = before.reduce((length, each) => length + each.length + 1, 0);
  const below = indexOfEntry(text, raw, from);
  const begin = below < 0 ? indexOfEntry(text, raw) : below;
  return begin < 0 ? [0, 0] : [begin, begin + raw.length];
};
