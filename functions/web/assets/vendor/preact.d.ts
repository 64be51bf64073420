// What `preact.js` has, by its packages' own types.
export { default as htm } from "htm";
export * from "preact";
export * from "preact/hooks";
