// @ts-check
import { queryText } from "../api.js";
import { h } from "../dom.js";
import { integer, time } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../language.js";
import { cell, listPage } from "../list.js";
import { noWorkflows } from "../parts.js";

/** @import { WorkflowSummary } from "@millrace/contract" */

/** @param {import("../main.js").App} app @returns {import("../main.js").View} */
export function workflowsView(app) {
  const page = listPage(app, {
    title: t("app.workflows"),
    columns: [
      { label: "workflows.name" },
      { label: "workflows.live" },
      { label: "workflows.draft", class: "number" },
      { label: "workflows.api" },
      { label: "workflows.updated" },
      { label: "workflows.runs", class: "action" },
    ],
    renderRow: workflowRow,
    keyOf: (/** @type {WorkflowSummary} */ row) => row.id,
    whenEmpty: () => noWorkflows(t("workflows.empty")),
    pager: { first: "page.first", next: "page.next" },
  });
  return { title: t("app.workflows"), element: page.element, show: (url) => page.load(url, "/api/v1/workflows", {}) };
}

/** @param {WorkflowSummary} row */
function workflowRow({ id, name, description, liveVersion, revision, apiEnabled, updatedAt }) {
  const runs = h(
    "a",
    { href: `/runs${queryText({ workflow: id })}`, class: "go cover", "aria-label": t("workflows.runs_of", { name }) },
    t("workflows.runs"),
    icon("open"),
  );
  const live =
    liveVersion === undefined
      ? h("span", { class: "none" }, t("workflows.unpublished"))
      : h("span", { class: "version", title: liveVersion }, liveVersion);
  return h(
    "tr",
    {},
    cell("workflows.name", "title", h("strong", {}, name), description && h("span", { class: "quiet line" }, description)),
    cell("workflows.live", "", live),
    cell("workflows.draft", "number", integer(revision)),
    cell("workflows.api", "", apiState(apiEnabled)),
    cell("workflows.updated", "", time(updatedAt)),
    cell("workflows.runs", "action", runs),
  );
}

/** @param {boolean} on */
function apiState(on) {
  return h(
    "span",
    { class: `badge tone-${on ? "good" : "quiet"}` },
    icon(on ? "check" : "minus"),
    t(on ? "workflows.api.on" : "workflows.api.off"),
  );
}
