// @ts-check
import { follow, h } from "../dom.js";
import { credits, duration, integer, NONE } from "../format.js";
import { icon } from "../icons.js";
import { jsonView } from "../json-view.js";
import { t } from "../language.js";
import { cell } from "../list.js";
import { errorLink, fact } from "../parts.js";
import { badge, nodeLook } from "../status.js";

/** @import { NodeTrace } from "@millrace/contract" */
/** @typedef {import("./run.js").Run} Run */

/** Rows that are shown at first, and with each press of the button: a loop may have ten thousand. */
const STEP_ROWS = 200;

/** A bar of no time at all can still be seen. */
const NARROWEST_PX = 3;

/** Containers in containers are set in up to here; deeper ones would leave no room for names. */
const MAX_DEPTH = 3;

/** @type {readonly (readonly [import("../language.js").TextKey, string])[]} */
const COLUMNS = [
  ["trace.node", "node"],
  ["trace.status", ""],
  ["trace.attempts", "number"],
  ["trace.timeline", "timeline"],
  ["trace.duration", "number"],
];

/** Where the bars begin and what the whole width stands for. @typedef {{ fromAt: number, spanMs: number }} Scale */

/** A node's line with the scale that its bar is drawn on, or what is opened below the line. */
/** @typedef {{ kind: "line", node: NodeTrace, scale: Scale, open: boolean, endAt: number }} LineRow */
/** @typedef {LineRow | { kind: "detail", node: NodeTrace }} Row */

/** The nodes of a run as a table, each with a bar for its time. */
export function createTrace() {
  const body = h("tbody");
  /** @type {Set<string>} */
  const open = new Set();
  let limit = STEP_ROWS;
  /** @type {Run | null} */
  let run = null;
  const render = (/** @type {Row} */ row) => (row.kind === "line" ? renderLine(row, toggle) : renderDetail(row.node));
  const list = follow(body, render, ({ kind, node }) => `${kind} ${keyOf(node)}`);
  const span = h("span", { class: "span" });
  const table = h("table", { class: "list trace" }, head(span), body);
  const none = h("p", { class: "empty quiet" }, t("trace.empty"));
  const more = h("button", { type: "button", class: "button more" });
  more.addEventListener("click", () => {
    limit += STEP_ROWS;
    draw();
  });

  /** @param {string} key */
  function toggle(key) {
    if (!open.delete(key)) open.add(key);
    draw();
  }

  function draw() {
    if (!run) return;
    const { nodes } = run;
    const scale = scaleOf(run, Date.now());
    list(nodes.slice(0, limit).flatMap((node) => rowsOf(node, scale, open.has(keyOf(node)))));
    span.textContent = Number.isFinite(scale.fromAt) ? duration(scale.spanMs) : "";
    table.hidden = nodes.length === 0;
    none.hidden = nodes.length > 0;
    more.hidden = nodes.length <= limit;
    more.textContent = t("trace.more", { count: Math.min(STEP_ROWS, nodes.length - limit) });
  }

  return {
    element: h("section", { class: "card" }, h("h2", { class: "card-title" }, t("trace.title")), table, none, more),
    /** @param {Run} given */
    show(given) {
      run = given;
      draw();
    },
  };
}

/** @param {HTMLElement} span says what the width of the timeline stands for */
function head(span) {
  const titles = COLUMNS.map(([label, name]) => h("th", { scope: "col", class: name }, t(label), name === "timeline" && span));
  return h("thead", {}, h("tr", {}, titles));
}

/** One execution: the node, and which iteration of each container around it. @param {NodeTrace} node */
function keyOf({ path, iteration }) {
  return `${path} ${(iteration ?? []).join(".")}`;
}

/**
 * From the start of the first node to the end of the last; to now while the run goes on.
 * @param {Pick<Run, "nodes" | "endedAt">} run
 * @param {number} now epoch ms
 * @returns {Scale}
 */
export function scaleOf({ nodes, endedAt }, now) {
  let fromAt = Number.POSITIVE_INFINITY;
  let toAt = endedAt === undefined ? now : 0;
  for (const node of nodes) {
    fromAt = Math.min(fromAt, node.startedAt ?? fromAt);
    toAt = Math.max(toAt, node.endedAt ?? 0);
  }
  return { fromAt, spanMs: Math.max(1, toAt - fromAt) };
}

/** A node that is at work reaches to the end of the scale. @param {NodeTrace} node @param {Scale} scale @param {boolean} open @returns {Row[]} */
function rowsOf(node, scale, open) {
  /** @type {Row} */
  const line = { kind: "line", node, scale, open, endAt: node.endedAt ?? scale.fromAt + scale.spanMs };
  return open ? [line, { kind: "detail", node }] : [line];
}

/** @param {LineRow} row @param {(key: string) => void} toggle */
function renderLine(row, toggle) {
  const { node, open, endAt } = row;
  const { path, startedAt, attempts, status } = node;
  const ms = startedAt === undefined || status === "SKIPPED" ? null : endAt - startedAt;
  const depth = Math.min(MAX_DEPTH, path.split("/").length - 1);
  return h(
    "tr",
    { class: open ? "is-open" : null },
    cell("trace.node", `node depth-${depth}`, opener(node, open, toggle)),
    cell("trace.status", "state", badge(nodeLook(node))),
    cell("trace.attempts", "number", attempts === 0 ? NONE : integer(attempts)),
    cell("trace.timeline", "timeline", ms === null ? null : bar(row, ms)),
    cell("trace.duration", "number", ms === null ? NONE : duration(ms)),
  );
}

/** @param {NodeTrace} node @param {boolean} open @param {(key: string) => void} toggle */
function opener(node, open, toggle) {
  const { nodeName, nodeId, nodeType, iteration = [] } = node;
  const where = iteration.length === 0 ? null : h("span", { class: "quiet mono" }, iteration.map((index) => `[${index}]`).join(""));
  const names = h(
    "span",
    { class: "names" },
    h("span", { class: "name" }, nodeName ?? nodeId, " ", where),
    h("span", { class: "quiet kind" }, nodeType),
  );
  return h(
    "button",
    { type: "button", class: "opener", "aria-expanded": String(open), onclick: () => toggle(keyOf(node)) },
    icon("open"),
    names,
  );
}

/** @param {NodeTrace} node */
function renderDetail(node) {
  return h("tr", { class: "is-detail" }, h("td", { class: "detail", colspan: COLUMNS.length }, detail(node)));
}

/** Styles are set by the object model: the page's policy refuses style attributes. @param {LineRow} row @param {number} ms */
function bar({ node, scale }, ms) {
  const offsetMs = Math.max(0, (node.startedAt ?? 0) - scale.fromAt);
  const title = t("trace.bar", { offset: duration(offsetMs), duration: duration(ms) });
  const element = h("span", { class: `bar tone-${nodeLook(node).tone}`, title, role: "img", "aria-label": title });
  element.style.insetInlineStart = `min(${(100 * offsetMs) / scale.spanMs}%, 100% - ${NARROWEST_PX}px)`;
  element.style.minInlineSize = `${NARROWEST_PX}px`;
  element.style.inlineSize = `${(100 * ms) / scale.spanMs}%`;
  return h("span", { class: "track" }, element);
}

/** @param {NodeTrace} node */
function detail({ error, output, port, path, credits: cost, tokens }) {
  const facts = [
    fact("trace.path", h("code", {}, path)),
    port === undefined ? null : fact("trace.port", h("code", {}, port)),
    cost === undefined ? null : fact("runs.credits", credits(cost)),
    tokens === undefined ? null : fact("runs.tokens", integer(tokens)),
  ];
  const failure = error && h("p", { class: "message" }, errorLink(error.type, error.type), ` ${error.message}`);
  const value = output === undefined ? h("p", { class: "quiet" }, t("trace.no_output")) : jsonView(output, t("run.output"));
  return h("div", { class: "inside" }, h("dl", { class: "facts" }, facts), failure, value);
}
