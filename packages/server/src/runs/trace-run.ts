import type { AttemptTrace, Json, NodeTrace, PaidRequest } from "@millrace/contract";
import {
  type AttemptUsage,
  addUsage,
  type Entry,
  type GraphPlan,
  type ItemOpened,
  NO_TOTALS,
  nodeOfPath,
  type Plan,
  roundCredits,
  usageOfEntry,
} from "@millrace/engine";
import { inputName } from "#runs/node-input";
import { wireError } from "#runs/wire-error";

/** What each node did, in the order in which it first appears in the journal; one row an execution, iterations apart. */
export function traceRun(plan: Plan, entries: readonly Entry[]): NodeTrace[] {
  const traces = new Map<string, NodeTrace>();
  const [accepted] = entries;
  const pins = (accepted?.type === "run-accepted" && accepted.draft?.pins) || {};
  const labels = new Map<string, readonly Json[]>();
  for (const [seq, entry] of entries.entries()) {
    if (!("path" in entry) || entry.path === "") continue;
    const trace = traces.get(entry.path) ?? newTrace(plan.root, entry.path);
    if (!trace) continue;
    traces.set(entry.path, trace);
    if (entry.reused) trace.reused = true;
    else if (entry.type === "node-finished" && Object.hasOwn(pins, trace.nodeId)) trace.pinned = true;
    if (isGiven(trace, entry)) trace.inputValue ??= inputName(seq);
    if (entry.type === "node-started" && entry.iterate?.items) labels.set(entry.path, entry.iterate.items);
    if (entry.type === "item-opened") openItem(trace, entry, labels.get(entry.path)?.[entry.index]);
    note(trace, entry);
    if (entry.type === "node-failed") Object.assign(trace, limitsOf(plan, entry.path));
    noteAttempt(trace, entry);
    if (entry.type === "node-finished") trace.value = String(seq);
    for (const paid of usageOfEntry(entry)) pay(traces, paid);
  }
  const end = entries.findLast(({ type }) => type === "run-finished");
  if (end) for (const trace of traces.values()) cutOff(trace, end.at);
  return [...traces.values()];
}

/** What a run has left under way at its end (it was cancelled, or another node failed) goes on no more. */
function cutOff(trace: NodeTrace, at: number): void {
  if (trace.status !== "RUNNING" && trace.status !== "WAITING") return;
  trace.status = "FAILED";
  trace.endedAt = at;
  const last = trace.attemptList?.at(-1);
  if (last && last.endedAt === undefined) trace.attemptList = [...(trace.attemptList ?? []).slice(0, -1), { ...last, endedAt: at }];
  for (const item of trace.items ?? []) if (item?.status === "RUNNING") Object.assign(item, { status: "FAILED", endedAt: at });
}

/** What was taken over, pinned or skipped is given nothing, and the start is given what the run is. */
function isGiven({ reused, pinned, nodeType }: NodeTrace, { type }: Entry): boolean {
  return !reused && !pinned && type !== "node-skipped" && nodeType !== "start";
}

/** What an attempt paid for, and the sums of the node. */
function pay(traces: ReadonlyMap<string, NodeTrace>, { path, attempt, usage }: AttemptUsage): void {
  const trace = traces.get(path);
  if (!trace || usage.length === 0) return;
  trace.usage = [...(trace.usage ?? []), ...usage.map((row) => paidRequest(attempt, row))];
  const { credits, tokens } = addUsage(NO_TOTALS, trace.usage);
  trace.credits = roundCredits(credits);
  trace.tokens = tokens;
}

function paidRequest(attempt: number, { cached: _cached, ...row }: AttemptUsage["usage"][number]): PaidRequest {
  return { attempt, ...row };
}

function noteAttempt(trace: NodeTrace, entry: Entry): void {
  if (entry.reused || trace.pinned) return;
  const attempts = [...(trace.attemptList ?? [])];
  if (entry.type === "node-started") {
    const before = attempts.at(-1);
    if (before && before.endedAt === undefined) attempts[attempts.length - 1] = { ...before, lost: true };
    attempts.push({ attempt: entry.attempt, startedAt: entry.at });
  } else if (entry.type === "node-finished" || entry.type === "node-failed") {
    const number = entry.attempt ?? attempts.at(-1)?.attempt ?? 1;
    const begun = attempts.findLast(({ attempt }) => attempt === number) ?? { attempt: number, startedAt: entry.at };
    const ended: AttemptTrace = { ...begun, endedAt: entry.at };
    if (entry.type === "node-failed") {
      ended.error = wireError(entry.error);
      if (entry.retryAt !== undefined) ended.retryAt = entry.retryAt;
    }
    attempts.splice(attempts.indexOf(begun), attempts.includes(begun) ? 1 : 0, ended);
  } else return;
  trace.attemptList = attempts;
}

function note(trace: NodeTrace, entry: Entry): void {
  switch (entry.type) {
    case "node-started":
      trace.attempts = entry.attempt;
      trace.startedAt ??= entry.at;
      trace.status = "RUNNING";
      // Another attempt of a container begins its items anew.
      if (entry.iterate) trace.items = [];
      break;
    case "timer-set":
    case "signal-awaited":
    case "question-asked":
      trace.startedAt ??= entry.at;
      trace.status = "WAITING";
      break;
    case "node-finished":
      trace.status = "SUCCEED";
      trace.attempts = Math.max(entry.reused || trace.pinned ? 0 : 1, trace.attempts);
      trace.startedAt ??= entry.at;
      trace.endedAt = entry.at;
      trace.output = entry.output;
      if (entry.cached) trace.cached = entry.cached;
      if (entry.logs) trace.logs = [...entry.logs];
      if (entry.port !== null) trace.port = entry.port;
      break;
    case "node-failed":
      trace.status = entry.retryAt === undefined ? "FAILED" : "WAITING";
      trace.attempts = entry.attempt;
      trace.startedAt ??= entry.at;
      trace.endedAt = entry.at;
      trace.error = wireError(entry.error);
      // An error that comes from inside a body names the inner node's.
      if (entry.error.field !== undefined && entry.error.nodeId === trace.nodeId) trace.errorField = entry.error.field;
      else delete trace.errorField;
      break;
    case "node-skipped":
      trace.status = "SKIPPED";
      break;
    case "item-closed":
      Object.assign(trace.items?.[entry.index] ?? {}, { status: entry.how === "failed" ? "FAILED" : "SUCCEED", endedAt: entry.at });
      break;
    default:
      break;
  }
}

function openItem(trace: NodeTrace, { index, at }: ItemOpened & { readonly at: number }, item: Json | undefined): void {
  trace.items ??= [];
  trace.items[index] = { ...(item !== undefined && { label: labelOf(item) }), status: "RUNNING", startedAt: at };
}

/** Characters of an item that tell it from others. */
const LABEL_CHARACTERS = 64;

function labelOf(item: Json): string {
  const text = typeof item === "string" ? item : JSON.stringify(item);
  return text.length > LABEL_CHARACTERS ? `${text.slice(0, LABEL_CHARACTERS - 1)}…` : text;
}

/** What one asks of a node that failed: will it be tried again, and whom did it ask? */
function limitsOf({ root }: Plan, path: string): Pick<NodeTrace, "maxAttempts" | "model"> {
  const node = nodeOfPath(root, path);
  return node ? { maxAttempts: node.retry.maxAttempts, ...(node.model !== null && { model: node.model }) } : {};
}

/** null: the path names no node of this plan. */
function newTrace(root: GraphPlan, path: string): NodeTrace | null {
  const node = nodeOfPath(root, path);
  if (!node) return null;
  const iteration = [...path.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index));
  return {
    nodeId: node.id,
    nodeName: node.name,
    nodeType: node.type,
    path: path.replace(/\[\d+\]/g, ""),
    ...(iteration.length > 0 && { iteration }),
    status: "RUNNING",
    attempts: 0,
  };
}
