// @ts-check
import { ApiError, UnreachableError } from "./api.js";
import { h } from "./dom.js";
import { timeText } from "./format.js";
import { icon } from "./icons.js";
import { t } from "./language.js";

// Small parts that several pages share.

/** How long a button says that it has copied. */
const COPIED_MS = 2_000;

/** @param {string} text */
export function copyButton(text) {
  const button = h(
    "button",
    { type: "button", class: "icon-button copy", title: t("app.copy"), "aria-label": t("app.copy") },
    icon("copy"),
  );
  button.addEventListener("click", () => void copy(text, button));
  return button;
}

/** @param {string} text @param {HTMLButtonElement} button */
async function copy(text, button) {
  await writeClipboard(text);
  button.replaceChildren(icon("check"));
  button.setAttribute("aria-label", t("app.copied"));
  setTimeout(() => {
    button.replaceChildren(icon("copy"));
    button.setAttribute("aria-label", t("app.copy"));
  }, COPIED_MS);
}

/** Pages that are neither HTTPS nor on this machine have no clipboard interface; the old command still works there. @param {string} text */
async function writeClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = h("textarea", { class: "off-screen", readonly: true });
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** A command to type, with a button that copies it. @param {string} text */
export function command(text) {
  return h("div", { class: "command" }, h("code", {}, text), copyButton(text));
}

/** @param {string} title @param {string} hint @param {readonly import("./dom.js").Child[]} more */
export function empty(title, hint, ...more) {
  return h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, hint), more);
}

/** Nothing can be shown or run before there is a workflow. @param {string} title */
export function noWorkflows(title) {
  return empty(title, t("workflows.empty.hint"), command("millrace deploy --publish"));
}

export function loading() {
  return h("p", { class: "loading", role: "status" }, t("app.loading"));
}

/** What went wrong, in a sentence, with the page that explains it. @param {unknown} error */
export function problem(error) {
  return h("div", { class: "notice tone-bad", role: "alert" }, icon("offline"), h("div", {}, problemLines(error)));
}

/** @param {unknown} error @returns {HTMLElement[]} */
function problemLines(error) {
  if (error instanceof UnreachableError)
    return [h("p", {}, t("problem.unreachable")), h("p", { class: "quiet" }, t("problem.unreachable.hint"))];
  if (!(error instanceof ApiError)) throw error;
  const message = error.message === "" ? t("problem.unreadable", { status: error.status }) : error.message;
  const about = error.type === null ? null : errorLink(error.type, t("problem.about", { type: error.type }));
  const request = error.requestId === null ? null : h("span", {}, t("problem.request", { id: error.requestId }));
  return [h("p", {}, message), h("p", { class: "quiet spaced" }, about, request)];
}

/** @param {string} type @param {string} text */
export function errorLink(type, text) {
  return h("a", { href: `/errors/${encodeURIComponent(type)}` }, text);
}

/** Says how fresh the page is. Readers are not told every 3 seconds: they are told when it stops being so. */
export function freshness() {
  const element = h("p", { class: "fresh" });
  let lastAt = 0;
  return {
    element,
    live() {
      lastAt = Date.now();
      element.replaceChildren(h("span", { class: "dot tone-good" }), t("live.on"), " · ", t("live.updated", { time: timeText(lastAt) }));
    },
    ended() {
      lastAt = Date.now();
      element.replaceChildren(h("span", { class: "dot tone-quiet" }), t("live.ended"));
    },
    /** @param {boolean} again whether it is tried again by itself */
    failing(again) {
      if (!again) return element.replaceChildren();
      const since = lastAt === 0 ? [] : [" · ", t("live.last", { time: timeText(lastAt) })];
      element.replaceChildren(h("span", { class: "dot tone-bad" }), t("live.failing"), ...since);
    },
  };
}

/** @param {import("./language.js").TextKey} label @param {import("./dom.js").Child | readonly import("./dom.js").Child[]} value */
export function fact(label, value) {
  return h("div", { class: "fact" }, h("dt", {}, t(label)), h("dd", {}, value));
}
