import type { Json, JsonObject } from "@millrace/contract";
import { Cells } from "#apply/cells";
import type { ReadyNode, ReadyNodes } from "#apply/ready-nodes";
import type { Answer, IterateDirective, Question, Usage } from "#directive";
import type { LocatedError, RunAccepted, RunFinished, TimerKind } from "#journal";
import type { GraphPlan, Plan } from "#plan/plan-types";
import type { Totals } from "#totals";

/**
 * The state of a run: what the entries so far add up to. Never mutated: `apply` copies the spine from the root to what changed
 * (a piece of a frame's nodes, the open frames of a container) and shares everything else.
 */
export interface RunState {
  readonly plan: Plan;
  readonly run: RunAccepted;
  readonly acceptedAt: number;
  readonly startedAt: number | null;
  /** `at` of the last entry: the time that expressions see. */
  readonly at: number;
  /** Entries applied so far; the next one has this number. */
  readonly seq: number;
  readonly root: Frame;
  /** Consequences that are settled but not yet entries, in order; they come before anything else. */
  readonly due: readonly Due[];
  /** Nodes that may start, in plan order. */
  readonly ready: ReadyNodes;
  /** Attempts under way, timers set, signals awaited and questions open, in the order in which they began. */
  readonly active: readonly Active[];
  readonly signals: Signals;
  /** Why the run fails, once it does. */
  readonly failure: LocatedError | null;
  readonly totals: Totals;
  /** ms in which all that was open were waits. */
  readonly pausedMs: number;
  readonly finished: (RunFinished & { readonly at: number }) | null;
}

export interface Frame {
  readonly graph: GraphPlan;
  /** "" for the document, `each[3]/` for an item's frame. */
  readonly prefix: string;
  readonly item: Json;
  readonly index: number;
  /** By their place in the graph. */
  readonly nodes: Cells<NodeState>;
  /** Nodes that are neither finished nor skipped yet. */
  readonly unsettled: number;
  /** The result that a `next` node gave, if any. */
  readonly result: Json | undefined;
}

export interface NodeState {
  readonly status: "waiting" | "ready" | "started" | "sleeping" | "retrying" | "iterating" | "finished" | "failed" | "skipped";
  /** Incoming edges that are not settled yet. */
  readonly pending: number;
  /** Incoming edges that were taken. */
  readonly taken: number;
  /** Attempts begun. */
  readonly attempt: number;
  /** Attempts that ended in an error; an attempt lost in a crash is none. */
  readonly failures: number;
  readonly output: Json;
  readonly error: LocatedError | null;
  readonly iteration: Iteration | null;
  /** What attempts have done and will not do again, oldest first, until the node is done; null: nothing. */
  readonly steps: readonly RecordedStep[] | null;
}

export interface RecordedStep {
  readonly step: string;
  readonly output: Json;
  readonly usage: readonly Usage[];
}

export interface Iteration {
  readonly directive: IterateDirective;
  /** Index of the next item to schedule. */
  readonly next: number;
  readonly open: readonly Frame[];
  /** Items that are open or due to open. */
  readonly busy: number;
  /** Results by item, newest first; a list, so that adding one is O(1). */
  readonly results: ItemResult | null;
  readonly variables: JsonObject;
}

export interface ItemResult {
  readonly index: number;
  readonly value: Json;
  readonly before: ItemResult | null;
}

export type Due =
  | { readonly due: "skip"; readonly path: string }
  | { readonly due: "open"; readonly path: string; readonly index: number }
  | {
      readonly due: "close";
      readonly path: string;
      readonly index: number;
      readonly how: "completed" | "continue" | "break" | "failed";
      readonly error?: LocatedError;
    }
  | { readonly due: "complete"; readonly path: string }
  /** A wait is over; of a signal, with its value. */
  | { readonly due: "wake"; readonly path: string; readonly at: number; readonly value?: Json }
  /** A question is answered; with nobody's answer, too late. */
  | { readonly due: "decide"; readonly path: string; readonly at: number; readonly answers: readonly GivenAnswer[] }
  | { readonly due: "fail"; readonly path: string; readonly error: LocatedError }
  | { readonly due: "end" };

export type Active =
  | { readonly active: "attempt"; readonly path: string; readonly attempt: number }
  | { readonly active: "timer"; readonly path: string; readonly timer: TimerKind; readonly until: number; readonly since: number }
  | { readonly active: "signal"; readonly path: string; readonly name: string; readonly since: number }
  | OpenQuestion;

export interface OpenQuestion {
  readonly active: "question";
  readonly path: string;
  /** Number of the entry that asked it. */
  readonly seq: number;
  readonly question: Question;
  readonly since: number;
  /** null: however long it takes. */
  readonly until: number | null;
  readonly answers: readonly GivenAnswer[];
}

export interface GivenAnswer extends Answer {
  readonly at: number;
}

export interface Signals {
  /** Received, and not waited for yet, oldest first. */
  readonly kept: readonly { readonly name: string; readonly value: Json }[];
  /** Their senders' ids, of all that were received. */
  readonly ids: readonly string[];
}

export const NO_SIGNALS: Signals = { kept: [], ids: [] };

const WAITING: NodeState = {
  status: "waiting",
  pending: 0,
  taken: 0,
  attempt: 0,
  failures: 0,
  output: null,
  error: null,
  iteration: null,
  steps: null,
};

export function openFrame(graph: GraphPlan, prefix: string, item: Json, index: number): Frame {
  const nodes = Cells.of(graph.nodes.map((node): NodeState => (node.incoming > 0 ? { ...WAITING, pending: node.incoming } : ENTRY)));
  return { graph, prefix, item, index, nodes, unsettled: graph.live, result: undefined };
}

/** A node without incoming edges is ready as soon as its frame is open. */
const ENTRY: NodeState = { ...WAITING, status: "ready" };

/** The nodes of a newly opened frame that may start. */
export function entriesOf(frame: Frame): ReadyNode[] {
  return frame.graph.entries.map((index) => {
    const node = frame.graph.nodes[index];
    if (!node) throw new Error(`entry ${index} is not in its graph`);
    return { path: frame.prefix + node.id, order: node.order };
  });
}
