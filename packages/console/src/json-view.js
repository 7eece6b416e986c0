// @ts-check
import { h } from "./dom.js";
import { size } from "./format.js";
import { t } from "./language.js";
import { copyButton } from "./parts.js";

/** Shown at first; the rest on demand. A page of megabytes helps nobody. Characters. */
const PREVIEW_CHARACTERS = 32_768;

/** Longer texts stay in one colour: a hundred thousand coloured elements make a page slow. Characters. */
const COLOURED_CHARACTERS = 262_144;

/** Strings (an unfinished one reaches to the end), a colon behind them, words and numbers. */
const TOKENS = /("(?:\\.|[^"\\])*(?:"|\\?$))(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * A JSON value, indented, as text.
 * @param {unknown} value
 * @param {string} label what it is, for readers
 */
export function jsonView(value, label) {
  const text = JSON.stringify(value, null, 2) ?? "";
  const block = h(
    "pre",
    { class: "json", tabindex: "0", role: "region", "aria-label": label },
    coloured(text.slice(0, PREVIEW_CHARACTERS)),
  );
  const view = h("div", { class: "value" }, block, copyButton(text));
  if (text.length > PREVIEW_CHARACTERS) view.append(restButton(text, block));
  return view;
}

/** @param {string} text @param {HTMLElement} block */
function restButton(text, block) {
  const button = h("button", { type: "button", class: "button rest" }, t("value.rest", { size: size(new Blob([text]).size) }));
  button.addEventListener("click", () => {
    block.replaceChildren(...(text.length > COLOURED_CHARACTERS ? [text] : coloured(text)));
    button.remove();
    block.focus();
  });
  return button;
}

/** @param {string} text @returns {(string | HTMLElement)[]} */
function coloured(text) {
  return tokens(text).map(({ kind, text: part }) => (kind === null ? part : h("span", { class: `json-${kind}` }, part)));
}

/**
 * The text cut into its tokens; together they are the text.
 * @param {string} text
 * @returns {{ kind: "key" | "string" | "word" | "number" | null, text: string }[]}
 */
export function tokens(text) {
  /** @type {ReturnType<typeof tokens>} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > end) found.push({ kind: null, text: text.slice(end, match.index) });
    const [whole, string, colon] = match;
    if (string === undefined) found.push({ kind: /^[tfn]/.test(whole) ? "word" : "number", text: whole });
    else found.push({ kind: colon === undefined ? "string" : "key", text: string });
    if (colon !== undefined) found.push({ kind: null, text: colon });
    end = match.index + whole.length;
  }
  if (end < text.length) found.push({ kind: null, text: text.slice(end) });
  return found;
}
