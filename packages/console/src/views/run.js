// @ts-check
import { canPass, getJson, queryText } from "../api.js";
import { h } from "../dom.js";
import { credits, duration, exactTime, integer, NONE, shortId } from "../format.js";
import { icon } from "../icons.js";
import { jsonView } from "../json-view.js";
import { t, withNodes } from "../language.js";
import { copyButton, errorLink, fact, freshness, loading, problem } from "../parts.js";
import { poll } from "../poll.js";
import { badge, runLook } from "../status.js";
import { createTrace } from "./trace.js";

/** @typedef {import("@millrace/contract").RunHeader & { input: object, output?: object, nodes: readonly import("@millrace/contract").NodeTrace[] }} Run */

/**
 * One run: header, input, output or error, and what its nodes did. It follows the run until it ends.
 * @param {import("../main.js").App} app
 * @param {string} id
 * @returns {import("../main.js").View}
 */
export function runView(app, id) {
  const fresh = freshness();
  const notice = h("div", { class: "notices" });
  const headline = h("div", { class: "card padded headline" });
  const trace = createTrace();
  const content = h("div", { class: "run-page" }, loading());
  const back = h("a", { class: "back", href: "/runs" }, icon("open"), t("run.all_runs"));
  const heading = h(
    "div",
    { class: "heading" },
    h("div", {}, back, h("h1", { tabindex: "-1", class: "run-title" }, t("run.title", { id: shortId(id) }))),
    fresh.element,
  );
  const element = h("section", { class: "page" }, heading, notice, content);
  const values = createValues();

  /** @param {Run} run */
  function display(run) {
    notice.replaceChildren();
    headline.replaceChildren(...summary(run), facts(run));
    values.show(run);
    trace.show(run);
    if (!content.contains(headline)) content.replaceChildren(headline, values.element, trace.element);
  }

  async function work() {
    const run = /** @type {Run} */ (await getJson(`/api/v1/runs/${encodeURIComponent(id)}`, { signal: app.signal }));
    if (app.signal.aborted) return "done";
    display(run);
    if (run.endedAt === undefined) {
      fresh.live();
      return "again";
    }
    fresh.ended();
    return "done";
  }

  /** @param {unknown} error */
  function failed(error) {
    if (app.refused(error)) return "done";
    const again = canPass(error);
    fresh.failing(again);
    notice.replaceChildren(problem(error));
    content.querySelector(".loading")?.remove();
    return again ? "again" : "done";
  }

  void poll(work, { signal: app.signal, failed });
  return { title: t("run.title", { id: shortId(id) }), element, show: () => {} };
}

/** @param {Run} run */
function summary(run) {
  const { workflowId, workflowName, version, error } = run;
  const workflow = h("a", { href: `/runs${queryText({ workflow: workflowId })}` }, workflowName);
  const line = h("p", { class: "summary" }, badge(runLook(run)), workflow, h("span", { class: "version" }, version));
  return [line, ...(error ? [errorNotice(error)] : []), ...waiting(run)];
}

/** @param {import("@millrace/contract").RunError} error */
function errorNotice({ type, code, message, nodeId, nodeName }) {
  const node = nodeName ?? nodeId;
  const where = node === undefined ? null : h("span", {}, t("run.at_node", { node }));
  const about = h("p", { class: "spaced" }, errorLink(type, type), h("span", {}, t("run.code", { code })), where);
  return h("div", { class: "notice tone-bad" }, icon("cross"), h("div", {}, about, h("p", { class: "message" }, message)));
}

/** @param {Run} run */
function waiting({ waitingFor }) {
  if (!waitingFor) return [];
  const { type, nodeName, since } = waitingFor;
  return [h("p", {}, withNodes("run.waits", { what: t(`run.waits.${type}`), node: nodeName, time: exactTime(since) }))];
}

/** @param {Run} run */
function facts(run) {
  const { id, acceptedAt, startedAt, endedAt, executionMs, userId } = run;
  const ranMs = executionMs ?? (startedAt === undefined ? undefined : Date.now() - startedAt);
  return h(
    "dl",
    { class: "facts" },
    fact("runs.duration", ranMs === undefined ? NONE : duration(ranMs)),
    fact("run.queued", startedAt === undefined ? NONE : duration(startedAt - acceptedAt)),
    fact("runs.credits", run.credits === undefined ? NONE : credits(run.credits)),
    fact("runs.tokens", run.tokens === undefined ? NONE : integer(run.tokens)),
    fact("run.accepted", exactTime(acceptedAt)),
    fact("run.started", exactTime(startedAt)),
    fact("run.ended", exactTime(endedAt)),
    fact("run.user", userId ?? NONE),
    fact("run.id", [h("span", { class: "mono id" }, id), copyButton(id)]),
  );
}

/** Input and output, made anew only when they change: what is scrolled or selected stays. */
function createValues() {
  const element = h("div", { class: "values" });
  let shown = "";
  return {
    element,
    /** @param {Run} run */
    show({ input, output, status }) {
      const text = JSON.stringify([input, output, status]);
      if (text === shown) return;
      shown = text;
      const later = t(status === "FAILED" ? "run.no_output" : "run.output_later");
      element.replaceChildren(
        section("run.input", jsonView(input, t("run.input"))),
        section("run.output", output === undefined ? h("p", { class: "quiet" }, later) : jsonView(output, t("run.output"))),
      );
    },
  };
}

/** @param {import("../language.js").TextKey} title @param {HTMLElement} body */
function section(title, body) {
  return h("section", { class: "card padded" }, h("h2", {}, t(title)), body);
}
