// @ts-check
import { canPass, getJson } from "./api.js";
import { follow, h } from "./dom.js";
import { t } from "./language.js";
import { freshness, loading, problem } from "./parts.js";
import { poll } from "./poll.js";

/** @typedef {import("./language.js").TextKey} TextKey */

/** Rows of one page. */
const PAGE_ROWS = 25;

/** @template Row @typedef {{ data: Row[], nextCursor?: string }} Page */

/**
 * @template Row
 * @typedef {object} ListOptions
 * @property {string} title
 * @property {readonly { label: TextKey, class?: string }[]} columns
 * @property {(row: Row) => HTMLElement} renderRow
 * @property {(row: Row) => string} keyOf
 * @property {(row: Row) => Row} [prepare] adds what the row shows of this moment; an element is made anew when its row changed
 * @property {() => HTMLElement} whenEmpty what stands in the place of an empty table
 * @property {HTMLElement} [filters]
 * @property {{ first: TextKey, next: TextKey }} pager
 */

/**
 * A page with one table that refreshes itself.
 * @template {{}} Row
 * @param {import("./main.js").App} app
 * @param {ListOptions<Row>} options
 */
export function listPage(app, options) {
  const fresh = freshness();
  const notice = h("div", { class: "notices" });
  const body = h("tbody");
  const show = follow(body, options.renderRow, options.keyOf);
  const head = h(
    "thead",
    {},
    h(
      "tr",
      {},
      options.columns.map((column) => h("th", { scope: "col", class: column.class }, t(column.label))),
    ),
  );
  const table = h("table", { class: "list" }, head, body);
  const content = h("div", { class: "card" }, loading());
  const pager = h("div", { class: "pager" });
  const heading = h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, options.title), fresh.element);
  const element = h("section", { class: "page" }, heading, options.filters, notice, content, pager);
  let ends = new AbortController();

  /** @param {Page<Row>} page @param {URL} url */
  function display({ data, nextCursor }, url) {
    const later = url.searchParams.has("cursor");
    notice.replaceChildren();
    fresh.live();
    show(options.prepare ? data.map(options.prepare) : data);
    const shown = data.length > 0 ? table : later ? h("p", { class: "empty quiet" }, t("page.end")) : options.whenEmpty();
    if (!content.firstElementChild?.isEqualNode(shown)) content.replaceChildren(shown);
    showPager(url, nextCursor);
  }

  /** Links that stay as they are keep their focus. @param {URL} url @param {string | undefined} nextCursor */
  function showPager(url, nextCursor) {
    const links = pagerLinks(url, nextCursor, options.pager);
    const text = links.map(({ href }) => href).join(" ");
    if (pager.dataset["links"] === text) return;
    pager.dataset["links"] = text;
    pager.replaceChildren(...links);
  }

  return {
    element,
    /** Shows the rows of a request, and again every few seconds. @param {URL} url of the page @param {string} path @param {import("./api.js").Query} query */
    load(url, path, query) {
      ends.abort();
      ends = new AbortController();
      const signal = AbortSignal.any([app.signal, ends.signal]);
      const work = async () => {
        const answer = await getJson(path, { query: { ...query, limit: PAGE_ROWS, cursor: url.searchParams.get("cursor") }, signal });
        if (!signal.aborted) display(/** @type {Page<Row>} */ (answer), url);
        return /** @type {const} */ ("again");
      };
      /** @param {unknown} error */
      const failed = (error) => {
        if (app.refused(error)) return "done";
        const again = canPass(error);
        fresh.failing(again);
        notice.replaceChildren(problem(error));
        content.querySelector(".loading")?.remove();
        return again ? "again" : "done";
      };
      void poll(work, { signal, failed });
    },
  };
}

/** @param {URL} url @param {string | undefined} nextCursor @param {ListOptions<never>["pager"]} words */
function pagerLinks(url, nextCursor, { first, next }) {
  const links = [];
  if (url.searchParams.has("cursor")) links.push(h("a", { class: "button", href: withCursor(url, null) }, t(first)));
  if (nextCursor !== undefined) links.push(h("a", { class: "button", href: withCursor(url, nextCursor) }, t(next)));
  return links;
}

/** @param {URL} url @param {string | null} cursor */
function withCursor(url, cursor) {
  const query = new URLSearchParams(url.search);
  if (cursor === null) query.delete("cursor");
  else query.set("cursor", cursor);
  const text = query.toString();
  return text === "" ? url.pathname : `${url.pathname}?${text}`;
}

/**
 * One cell; its label stands beside it where the table is shown as cards.
 * @param {TextKey} label
 * @param {string} name class
 * @param {readonly import("./dom.js").Child[]} children
 */
export function cell(label, name, ...children) {
  return h("td", { class: name, "data-label": t(label) }, children);
}
