import type { NodeTrace, RunDetail } from "@millrace/contract";
import type { Stretch } from "#pages/run/time-scale.ts";
import type { Status } from "#ui/status.tsx";

/** A piece of a bar. `wait`: for a person, a timer, a signal, or the next attempt. */
export interface Piece extends Stretch {
  readonly kind: "queued" | "ran" | "wait";
  readonly failed: boolean;
}

/** One row of the timeline. */
export interface Span {
  /** Place in the run: `each`, `each[1]`, `each[1]/ask`. */
  readonly key: string;
  readonly depth: number;
  readonly kind: "run" | "node" | "item";
  readonly label: string;
  readonly status: Status;
  readonly pieces: readonly Piece[];
  /** Of a node. */
  readonly trace: NodeTrace | null;
}

/**
 * The rows of a run: itself, its nodes in the order in which they came up, and under a loop or batch its iterations with their items, each
 * with its own nodes.
 * @param now the end of what is still going on, epoch ms
 * @param itemLabel names an iteration: by its number from 1, and its item where it has one
 */
export function spansOf(run: RunDetail, status: Status, now: number, itemLabel: (number: number, item: string | null) => string): Span[] {
  const children = childrenOf(run.nodes);
  const rows: Span[] = [];
  const visit = (parent: string, depth: number) => {
    for (const trace of children.get(parent) ?? []) {
      const key = keyOf(trace);
      rows.push({
        key,
        depth,
        kind: "node",
        label: trace.nodeName ?? trace.nodeId,
        status: statusOf(trace),
        pieces: piecesOf(trace, now),
        trace,
      });
      visit(key, depth + 1);
      trace.items?.forEach((item, index) => {
        const place = `${key}[${index}]`;
        const pieces = [{ from: item.startedAt, to: item.endedAt ?? now, kind: "ran", failed: item.status === "FAILED" }] as const;
        rows.push({
          key: place,
          depth: depth + 1,
          kind: "item",
          label: itemLabel(index + 1, item.label ?? null),
          status: item.status,
          pieces,
          trace: null,
        });
        visit(place, depth + 2);
      });
    }
  };
  visit("", 1);
  return [{ key: "", depth: 0, kind: "run", label: run.workflowName, status, pieces: piecesOfRun(run, now), trace: null }, ...rows];
}

/** Where the execution is: the path with the index of each iteration around it. */
export function keyOf({ path, iteration = [] }: NodeTrace): string {
  const segments = path.split("/");
  return segments
    .map((segment, n) => (n < iteration.length && n < segments.length - 1 ? `${segment}[${iteration[n]}]` : segment))
    .join("/");
}

function childrenOf(traces: readonly NodeTrace[]): Map<string, NodeTrace[]> {
  const children = new Map<string, NodeTrace[]>();
  for (const trace of traces) {
    const parent = keyOf(trace).split("/").slice(0, -1).join("/");
    const known = children.get(parent);
    if (known) known.push(trace);
    else children.set(parent, [trace]);
  }
  return children;
}

/** The server's word, told apart by what it says besides. */
function statusOf({ status, error }: NodeTrace): Status {
  return status === "WAITING" && error ? "RETRYING" : status;
}

function piecesOf(trace: NodeTrace, now: number): Piece[] {
  const { startedAt, endedAt, attemptList: tries = [], status } = trace;
  if (startedAt === undefined) return [];
  const failed = status === "FAILED";
  if (tries.length < 2 && !(tries.length === 1 && trace.error)) {
    const waits = status === "WAITING";
    return [{ from: startedAt, to: waits ? now : (endedAt ?? now), kind: waits ? "wait" : "ran", failed }];
  }
  const pieces = tries.flatMap((one, n): Piece[] => {
    const next = tries[n + 1]?.startedAt ?? (status === "WAITING" ? now : null);
    // When a process died nobody wrote down: what came before the next attempt counts as waiting for it.
    const end = one.lost ? one.startedAt : (one.endedAt ?? now);
    const ran: Piece = { from: one.startedAt, to: end, kind: "ran", failed: one.lost === true || one.error !== undefined };
    return next === null ? [ran] : [ran, { from: end, to: next, kind: "wait", failed: false }];
  });
  return pieces;
}

function piecesOfRun({ acceptedAt, startedAt, endedAt, status }: RunDetail, now: number): Piece[] {
  const began = startedAt ?? endedAt ?? now;
  const queued: Piece = { from: acceptedAt, to: began, kind: "queued", failed: false };
  const ran: Piece = { from: began, to: endedAt ?? now, kind: "ran", failed: status === "FAILED" };
  return startedAt === undefined ? [queued] : [queued, ran];
}

/** When something of the run ran: what is not folded. A container or the run itself is no work of its own. */
export function busyStretches(spans: readonly Span[]): Stretch[] {
  return spans.flatMap(({ kind, trace, pieces }) =>
    kind !== "node" || trace?.items ? [] : pieces.filter((piece) => piece.kind === "ran"),
  );
}
