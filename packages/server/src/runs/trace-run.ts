import type { Json, NodeTrace } from "@millrace/contract";
import { type Entry, type GraphPlan, type ItemOpened, nodeOfPath, type Plan } from "@millrace/engine";
import { wireError } from "#runs/wire-error";

/** What each node did, in the order in which it first appears in the journal; one row an execution, iterations apart. */
export function traceRun(plan: Plan, entries: readonly Entry[]): NodeTrace[] {
  const traces = new Map<string, NodeTrace>();
  const [accepted] = entries;
  const pins = (accepted?.type === "run-accepted" && accepted.draft?.pins) || {};
  const labels = new Map<string, readonly Json[]>();
  for (const entry of entries) {
    if (!("path" in entry) || entry.path === "") continue;
    const trace = traces.get(entry.path) ?? newTrace(plan.root, entry.path);
    if (!trace) continue;
    traces.set(entry.path, trace);
    if (entry.reused) trace.reused = true;
    else if (entry.type === "node-finished" && Object.hasOwn(pins, trace.nodeId)) trace.pinned = true;
    if (entry.type === "node-started" && entry.iterate?.items) labels.set(entry.path, entry.iterate.items);
    if (entry.type === "item-opened") openItem(trace, entry, labels.get(entry.path)?.[entry.index]);
    note(trace, entry);
  }
  // What a single attempt was is in the trace itself.
  for (const trace of traces.values()) if ((trace.tries?.length ?? 0) < 2) delete trace.tries;
  return [...traces.values()];
}

function note(trace: NodeTrace, entry: Entry): void {
  switch (entry.type) {
    case "node-started":
      trace.attempts = entry.attempt;
      trace.startedAt ??= entry.at;
      trace.status = "RUNNING";
      endTry(trace, entry.at);
      trace.tries = [...(trace.tries ?? []), { startedAt: entry.at }];
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
      endTry(trace, entry.at);
      if (entry.logs) trace.logs = [...entry.logs];
      if (entry.port !== null) trace.port = entry.port;
      break;
    case "node-failed":
      trace.status = entry.retryAt === undefined ? "FAILED" : "WAITING";
      trace.attempts = entry.attempt;
      trace.startedAt ??= entry.at;
      trace.endedAt = entry.at;
      trace.error = wireError(entry.error);
      endTry(trace, entry.at, trace.error);
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

/** The attempt that is under way; one that a crash cut off ends where the next begins. */
function endTry({ tries }: NodeTrace, endedAt: number, error?: NodeTrace["error"]): void {
  const last = tries?.at(-1);
  if (!last || last.endedAt !== undefined) return;
  last.endedAt = endedAt;
  if (error) last.error = error;
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
