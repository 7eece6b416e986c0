// @ts-check
import { getJson, queryText } from "../api.js";
import { h } from "../dom.js";
import { credits, duration, integer, NONE, shortId, time } from "../format.js";
import { t, withNodes } from "../language.js";
import { cell, listPage } from "../list.js";
import { command, empty, noWorkflows } from "../parts.js";
import { runPath } from "../routes.js";
import { badge, look, RUN_STATUSES, runLook } from "../status.js";

/** @import { RunHeader, WorkflowSummary } from "@millrace/contract" */
/** @typedef {Pick<WorkflowSummary, "id" | "name">} Choice */
/** A run, and how long it has been executing by now. @typedef {RunHeader & { soFarMs?: number }} RunRow */

/** Workflows that the filter offers: as many as one page of the API holds. */
const CHOICES = 100;

/** @param {import("../main.js").App} app @returns {import("../main.js").View} */
export function runsView(app) {
  const filters = createFilters(app);
  const page = listPage(app, {
    title: t("app.runs"),
    filters: filters.element,
    columns: [
      { label: "runs.status" },
      { label: "runs.run" },
      { label: "runs.workflow_version" },
      { label: "runs.started" },
      { label: "runs.duration", class: "number" },
      { label: "runs.credits", class: "number" },
      { label: "runs.tokens", class: "number" },
    ],
    renderRow: runRow,
    keyOf: (/** @type {RunRow} */ row) => row.id,
    prepare: withTimeSoFar,
    whenEmpty: () => (filters.active() ? noneMatch() : noRuns(filters.first())),
    pager: { first: "page.newest", next: "page.older" },
  });
  return {
    title: t("app.runs"),
    element: page.element,
    show(url) {
      const { workflow, status } = filters.show(url);
      page.load(url, "/api/v1/runs", { workflow, status });
    },
  };
}

function noneMatch() {
  return empty(t("runs.none_match"), t("runs.none_match.hint"), h("a", { class: "button", href: "/runs" }, t("runs.clear")));
}

/** @param {Choice | undefined} workflow that could be run */
function noRuns(workflow) {
  if (!workflow) return noWorkflows(t("runs.empty"));
  return empty(t("runs.empty"), t("runs.empty.hint"), command(`millrace invoke ${shellWord(workflow.name)}`));
}

/** A name as a POSIX shell takes it for one word. @param {string} text */
export function shellWord(text) {
  return /^[\w.@%+=:,/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** @param {RunRow} run @returns {RunRow} */
function withTimeSoFar(run) {
  return run.startedAt === undefined || run.endedAt !== undefined ? run : { ...run, soFarMs: Date.now() - run.startedAt };
}

/** @param {RunRow} run */
function runRow(run) {
  const { id, workflowName, version, startedAt, acceptedAt } = run;
  const link = h("a", { href: runPath(id), class: "mono cover", title: id }, shortId(id));
  const started =
    startedAt === undefined ? h("span", { class: "quiet" }, withNodes("runs.queued_since", { time: time(acceptedAt) })) : time(startedAt);
  return h(
    "tr",
    {},
    cell("runs.status", "status", badge(runLook(run))),
    cell("runs.run", "run", link),
    cell("runs.workflow_version", "title", workflowName, " ", h("span", { class: "version", title: version }, version)),
    cell("runs.started", "started", started),
    cell("runs.duration", "number", elapsed(run)),
    cell("runs.credits", "number", run.credits === undefined ? none() : credits(run.credits)),
    cell("runs.tokens", "number", run.tokens === undefined ? none() : integer(run.tokens)),
  );
}

/** @param {RunRow} run */
function elapsed({ executionMs, soFarMs }) {
  if (executionMs !== undefined) return duration(executionMs);
  return soFarMs === undefined ? none() : h("span", { class: "quiet" }, duration(soFarMs));
}

function none() {
  return h("span", { class: "none" }, NONE);
}

/** The filters follow the address, and the address the filters. @param {import("../main.js").App} app */
function createFilters(app) {
  const select = h("select", { id: "workflow", "aria-label": t("runs.workflow") }, h("option", { value: "" }, t("runs.all_workflows")));
  const statuses = h("div", { class: "choices", role: "group", "aria-label": t("runs.status") });
  /** @type {{ workflow: string | null, status: string | null }} */
  let chosen = { workflow: null, status: null };
  /** @type {readonly Choice[]} */
  let choices = [];
  const goTo = (/** @type {typeof chosen} */ next) => app.go(`/runs${queryText(next)}`);
  const fill = () => fillChoices(select, choices, chosen.workflow);
  select.addEventListener("change", () => goTo({ ...chosen, workflow: select.value }));
  void readChoices(app).then((read) => {
    choices = read;
    fill();
  });
  return {
    element: h("div", { class: "filters" }, select, statuses),
    active: () => chosen.workflow !== null || chosen.status !== null,
    first: () => choices[0],
    /** @param {URL} url */
    show(url) {
      chosen = { workflow: url.searchParams.get("workflow"), status: url.searchParams.get("status") };
      fill();
      for (const button of statusButtons(statuses, (status) => goTo({ ...chosen, status }))) {
        button.setAttribute("aria-pressed", String((chosen.status ?? "") === button.value));
      }
      return chosen;
    },
  };
}

/** Made once: a button that is pressed keeps its focus. @param {HTMLElement} group @param {(status: string) => void} press */
function statusButtons(group, press) {
  if (group.childElementCount === 0) {
    for (const status of ["", ...RUN_STATUSES]) {
      const label = status === "" ? t("runs.all_statuses") : t(look(status).word);
      group.append(h("button", { type: "button", class: "choice", value: status, onclick: () => press(status) }, label));
    }
  }
  return group.querySelectorAll("button");
}

/** @param {HTMLSelectElement} select @param {readonly Choice[]} choices @param {string | null} workflow */
function fillChoices(select, choices, workflow) {
  const named = choices.some(({ id, name }) => id === workflow || name === workflow);
  const extra = workflow === null || named ? [] : [{ id: workflow, name: workflow }];
  const options = [...choices, ...extra].map(({ id, name }) => h("option", { value: id }, name));
  select.replaceChildren(h("option", { value: "" }, t("runs.all_workflows")), ...options);
  select.value = choices.find(({ name }) => name === workflow)?.id ?? workflow ?? "";
}

/** Without them the filter still shows what the address says. @param {import("../main.js").App} app @returns {Promise<readonly Choice[]>} */
async function readChoices({ signal }) {
  try {
    const page = await getJson("/api/v1/workflows", { query: { limit: CHOICES }, signal });
    return /** @type {{ data: Choice[] }} */ (page).data;
  } catch {
    return [];
  }
}
