// @ts-check
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./language.js";

/** @import { NodeTrace, RunHeader } from "@millrace/contract" */
/** @typedef {{ word: import("./language.js").TextKey, icon: import("./icons.js").IconName, tone: string }} Look */

/** @satisfies {Record<string, Look>} */
const LOOKS = {
  pending: { word: "status.pending", icon: "clock", tone: "quiet" },
  running: { word: "status.running", icon: "play", tone: "busy" },
  succeeded: { word: "status.succeeded", icon: "check", tone: "good" },
  failed: { word: "status.failed", icon: "cross", tone: "bad" },
  waiting: { word: "status.waiting", icon: "pause", tone: "wait" },
  cancelled: { word: "status.cancelled", icon: "stop", tone: "quiet" },
  skipped: { word: "status.skipped", icon: "minus", tone: "quiet" },
  retrying: { word: "status.retrying", icon: "retry", tone: "wait" },
};

/** Wire status -> its word when nothing more is known. @type {Readonly<Record<string, keyof typeof LOOKS>>} */
const WORDS = { PENDING: "pending", RUNNING: "running", SUCCEED: "succeeded", FAILED: "failed", SKIPPED: "skipped", WAITING: "waiting" };

/** The statuses that runs can be filtered by, as the wire spells them. */
export const RUN_STATUSES = /** @type {const} */ (["PENDING", "RUNNING", "SUCCEED", "FAILED"]);

/** @param {Pick<RunHeader, "status" | "error" | "waitingFor">} run */
export function runLook({ status, error, waitingFor }) {
  if (status === "RUNNING" && waitingFor) return LOOKS.waiting;
  if (status === "FAILED" && error?.type === "cancelled") return LOOKS.cancelled;
  return look(status);
}

/** A node that waits after a failure waits for its next attempt. @param {Pick<NodeTrace, "status" | "error">} node */
export function nodeLook({ status, error }) {
  return status === "WAITING" && error ? LOOKS.retrying : look(status);
}

/** @param {string} status @returns {Look} */
export function look(status) {
  return LOOKS[WORDS[status] ?? "pending"];
}

/** Icon and word: never colour alone. @param {Look} one */
export function badge({ word, icon: name, tone }) {
  return h("span", { class: `badge tone-${tone}` }, icon(name), t(word));
}
