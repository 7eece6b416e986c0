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
  /** That it is of: the run of the page, or one that it called. */
  readonly run: RunDetail;
}

/** Called runs whose steps are shown, by the key of the node that called them. */
export type CalledRuns = ReadonlyMap<string, RunDetail>;

const NONE: CalledRuns = new Map();

/** Names an iteration: by its number from 1, and its item where it has one. */
export type ItemLabel = (number: number, item: string | null) => string;

interface Telling {
  /** The end of what is still going on, epoch ms. */
  readonly now: number;
  readonly itemLabel: ItemLabel;
  readonly called?: CalledRuns;
}

/**
 * The rows of a run: itself, its nodes in the order in which they came up, under a loop or batch its iterations with their items, each with
 * its own nodes, and under a node that called a run the nodes of that one, where they are shown.
 */
export function spansOf(run: RunDetail, status: Status, telling: Telling): Span[] {
  const itself: Span = {
    key: "",
    depth: 0,
    kind: "run",
    label: run.workflowName,
    status,
    pieces: piecesOfRun(run, telling.now),
    trace: null,
    run,
  };
  return [itself, ...rowsOf(run, "", 1, telling)];
}

/** @param under what the keys of the rows begin with: of a called run, the place of the node that called it */
function rowsOf(run: RunDetail, under: string, topDepth: number, telling: Telling): Span[] {
  const { now, itemLabel, called = NONE } = telling;
  const children = childrenOf(run.nodes);
  const rows: Span[] = [];
  const visit = (parent: string, depth: number) => {
    for (const trace of children.get(parent) ?? []) {
      const place = keyOf(trace);
      const key = under + place;
      const label = trace.nodeName ?? trace.nodeId;
      rows.push({ key, depth, kind: "node", label, status: statusOf(trace), pieces: piecesOf(trace, now), trace, run });
      const inner = called.get(key);
      if (inner) rows.push(...rowsOf(inner, `${key}>`, depth + 1, telling));
      visit(place, depth + 1);
      trace.items?.forEach((item, index) => {
        rows.push({
          ...rowOfItem(item, now),
          key: `${key}[${index}]`,
          depth: depth + 1,
          label: itemLabel(index + 1, item.label ?? null),
          run,
        });
        visit(`${place}[${index}]`, depth + 2);
      });
    }
  };
  visit("", topDepth);
  return rows;
}

function rowOfItem({ status, startedAt, endedAt }: NonNullable<NodeTrace["items"]>[number], now: number) {
  const pieces: Piece[] = [{ from: startedAt, to: endedAt ?? now, kind: "ran", failed: status === "FAILED" }];
  return { kind: "item" as const, status, pieces, trace: null };
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
