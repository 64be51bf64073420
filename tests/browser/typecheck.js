// Checks the types of the scripts with `tsc`: of the pages' and of the browser tests'. The texts' types are made first,
// from the English ones, since the module of a language is made only when the service is built.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
// One of `rootDirs` in tsconfig.json: what is in it is beside the pages' scripts.
const target = `${root}target/types/manage/texts/`;

/**
 * The type of a text: a function of its placeholders in alphabetical order, if it has any.
 *
 * @param {string} text
 */
const typeOf = (text) => {
  const names = [...new Set(text.match(/(?<=\$)\w+/g))].sort();
  /** @param {string} name */
  const isNumber = (name) => new RegExp(`\\$${name}(\\)| ->)`).test(text);
  const parameters = names.map((name) => `${name}: ${isNumber(name) ? "number" : "string | number"}`);
  return names.length ? `(${parameters.join(", ")}) => string` : "string";
};

const source = readFileSync(`${root}crates/contacts-texts/texts/en.ftl`, "utf8");
const texts = [...source.matchAll(/^manage-(\S+) = (.*(?:\n[ }].*)*)/gm)].map(
  ([, key = "", text = ""]) => `  "${key.replaceAll("-", ".")}": ${typeOf(text)};\n`,
);
mkdirSync(target, { recursive: true });
for (const language of ["en", "ja"]) {
  writeFileSync(`${target}${language}.d.ts`, `declare const texts: {\n${texts.join("")}};\nexport default texts;\n`);
}

const tsc = fileURLToPath(new URL("node_modules/.bin/tsc", import.meta.url));
const wrong = [".", "tests/browser"].filter(
  (project) => spawnSync(tsc, ["--noEmit", "--project", project], { cwd: root, stdio: "inherit" }).status !== 0,
);
if (wrong.length) process.exitCode = 1;
