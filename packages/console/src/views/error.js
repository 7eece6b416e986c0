// @ts-check
import { getMarkdown } from "../api.js";
import { h } from "../dom.js";
import { currentLanguage, t } from "../language.js";
import { parseMarkdown } from "../markdown.js";
import { loading, problem } from "../parts.js";

/** @typedef {import("../markdown.js").Line} Line */

/**
 * The page of one error, from the documentation that the server carries. For everyone: it needs no key.
 * @param {import("../main.js").App} app
 * @param {string} type
 * @returns {import("../main.js").View}
 */
export function errorView(app, type) {
  const element = h("section", { class: "page" }, loading());
  void fill(element, type, app.signal);
  return { title: type, element, show: () => {} };
}

/** @param {HTMLElement} element @param {string} type @param {AbortSignal} signal */
async function fill(element, type, signal) {
  try {
    const text = await getMarkdown(`/errors/${encodeURIComponent(type)}`, signal);
    element.replaceChildren(...(text === null ? missing(type) : article(text)));
  } catch (error) {
    if (!signal.aborted) element.replaceChildren(h("h1", { tabindex: "-1" }, type), problem(error));
  }
}

/** @param {string} type */
function missing(type) {
  return [h("h1", { tabindex: "-1" }, type), h("p", {}, t("error.missing", { type }))];
}

/** @param {string} text */
function article(text) {
  const note = currentLanguage() === "en" ? [] : [h("p", { class: "quiet" }, t("error.english"))];
  return [...note, h("article", { class: "prose card", lang: "en" }, parseMarkdown(text).map(blockElement))];
}

/** @param {import("../markdown.js").Block} block */
function blockElement(block) {
  switch (block.kind) {
    case "heading":
      return block.level === 1 ? h("h1", { tabindex: "-1" }, line(block.line)) : h("h2", {}, line(block.line));
    case "paragraph":
      return h("p", {}, line(block.line));
    case "list":
      return h(
        "ul",
        {},
        block.items.map((item) => h("li", {}, line(item))),
      );
    case "code":
      return h("pre", { tabindex: "0" }, block.text);
    case "table":
      return table(block.head, block.rows);
  }
}

/** Each cell carries its column's title for narrow screens. @param {readonly Line[]} head @param {readonly (readonly Line[])[]} rows */
function table(head, rows) {
  const titles = head.map((cell) => cell.map(({ text }) => text).join(""));
  const top = h(
    "tr",
    {},
    head.map((cell) => h("th", { scope: "col" }, line(cell))),
  );
  const body = rows.map((row) =>
    h(
      "tr",
      {},
      row.map((cell, index) => h("td", { "data-label": titles[index] ?? "" }, line(cell))),
    ),
  );
  return h("table", { class: "list" }, h("thead", {}, top), h("tbody", {}, body));
}

/** @param {Line} spans */
function line(spans) {
  return spans.map((span) => {
    if (span.style === "text") return span.text;
    if (span.style === "link") return link(span);
    return h(span.style, {}, span.text);
  });
}

/** Only web addresses and pages of this server become links. @param {{ text: string, href: string }} span */
function link({ text, href }) {
  return /^(https?:\/\/|\/(?!\/))/.test(href) ? h("a", { href, rel: "noreferrer" }, text) : text;
}
