import type { Json, JsonObject } from "@millrace/contract";
import type { Answer, CachedFrom, IterateDirective, Question, Usage } from "#directive";
import type { NodeError } from "#errors";

/**
 * The journal of one run: append-only, numbered from 0. The state of a run is the fold of its entries and nothing else.
 * `at` is wall time in epoch ms, never decreasing within a run. `path` is the structural path of a node: `fetch`, `each[3]/fetch`.
 */
export type Entry = EntryBody & {
  readonly at: number;
  /** Taken over from the run that this one retries: nothing was executed for it here, and nothing is counted. */
  readonly reused?: true;
  /** Attempts that this entry leaves without anybody who waits for their answer, and what they had paid for by then. */
  readonly abandoned?: readonly AbandonedAttempt[];
};

export interface AbandonedAttempt {
  readonly path: string;
  readonly attempt: number;
  readonly usage: readonly Usage[];
}

export type EntryBody =
  | RunAccepted
  | RunStarted
  | NodeStarted
  | NodeFinished
  | NodeFailed
  | NodeSkipped
  | StepRecorded
  | ItemOpened
  | ItemClosed
  | TimerSet
  | TimerFired
  | SignalAwaited
  | SignalReceived
  | QuestionAsked
  | QuestionAnswered
  | RunCancelled
  | RunFinished;

/** The run exists. `seed` is its only source of chance. */
export interface RunAccepted {
  readonly type: "run-accepted";
  /** Journals are replayed for ever: what changes replay gets a new number (see flags.ts). */
  readonly interpreter: number;
  readonly runId: string;
  readonly workflow: { readonly id: string; readonly name: string; readonly version: string };
  readonly input: JsonObject;
  readonly userId: string | null;
  readonly seed: string;
  /** Not before this moment (epoch ms) does the run begin. */
  readonly startAt?: number;
  /** Id of the run that this one retries. */
  readonly retryOf?: string;
  /** The step that this run answers to; absent: a request started it. */
  readonly caller?: RunCaller;
  /** Where traces are kept: the span that asked for the run (W3C Trace Context). */
  readonly traceparent?: string;
  /** What a person who edits a draft asked for; no version that is published ever runs so. */
  readonly draft?: DraftOptions;
}

/** How a run of a draft differs from a run of the same document. */
export interface DraftOptions {
  /** By node id: what the node gives in place of running. In a body: in each item. */
  readonly pins?: { readonly [nodeId: string]: Pin };
  /** Id of the node whose first attempt is made to fail, wherever it comes by it first; it is tried once more than its policy says. */
  readonly failOnce?: string;
  /** Id of the node during whose first attempt the run is dropped, as in a crash; whoever drives it looks at this, the fold does not. */
  readonly crashOnce?: string;
}

export type Pin =
  /** The node is done with this; port null: it has none. */
  | { readonly output: Json; readonly port: string | null }
  /** A container: its body runs so, whatever the node says. */
  | { readonly iterate: IterateDirective };

/** A node of another run that called a workflow. */
export interface RunCaller {
  readonly runId: string;
  readonly path: string;
  /** Calls from the first run down to this one: 1 for a run that a first one called. */
  readonly depth: number;
}

export interface RunStarted {
  readonly type: "run-started";
}

/** An attempt begins. With `iterate`: a container, whose body now runs once an item. */
export interface NodeStarted {
  readonly type: "node-started";
  readonly path: string;
  readonly attempt: number;
  readonly iterate?: IterateDirective;
}

/** The node is done and never runs again in this run. */
export interface NodeFinished {
  readonly type: "node-finished";
  readonly path: string;
  /** The port taken; null: the node has none (an end, the end of an iteration). */
  readonly port: string | null;
  readonly output: Json;
  readonly assign?: JsonObject;
  /** Present where the node ends the iteration around it. */
  readonly leave?: "next" | "continue" | "break";
  readonly logs?: readonly string[];
  readonly usage?: readonly Usage[];
  /** The answer was kept, and nothing was carried out for it here. */
  readonly cached?: CachedFrom;
  /** The attempt that cost it; present with `usage`. */
  readonly attempt?: number;
}

/** An attempt failed. With `retryAt` (epoch ms) another follows; without, the node's `onError` decides. */
export interface NodeFailed {
  readonly type: "node-failed";
  readonly path: string;
  readonly attempt: number;
  readonly error: LocatedError;
  readonly retryAt?: number;
  readonly usage?: readonly Usage[];
}

/** An error and the node where it first arose (inside a body: the inner node). */
export interface LocatedError extends NodeError {
  readonly nodeId?: string;
  readonly nodeName?: string;
}

export interface NodeSkipped {
  readonly type: "node-skipped";
  readonly path: string;
}

/** The attempt under way did something that no attempt of the node does again: what came of it is here. */
export interface StepRecorded {
  readonly type: "step-recorded";
  readonly path: string;
  readonly attempt: number;
  /** Its name among the steps of the node: no two have the same. */
  readonly step: string;
  readonly output: Json;
  readonly usage?: readonly Usage[];
}

export interface ItemOpened {
  readonly type: "item-opened";
  /** Path of the container. */
  readonly path: string;
  readonly index: number;
}

export interface ItemClosed {
  readonly type: "item-closed";
  readonly path: string;
  readonly index: number;
  readonly how: "completed" | "continue" | "break" | "failed";
  readonly output?: Json;
  readonly error?: LocatedError;
}

/** The node waits, and is done at `until` (epoch ms). Until then nothing of it is under way. */
export interface TimerSet {
  readonly type: "timer-set";
  readonly path: string;
  readonly until: number;
}

export interface TimerFired {
  readonly type: "timer-fired";
  /** Path of the node; "" for the run. */
  readonly path: string;
  readonly timer: TimerKind;
}

/**
 * `retry`: the wait before another attempt is over. `wait`: the node's moment has come. `deadline`: the node or the run took too long.
 * `answer`: nobody has answered in time. Of the run alone, `start`: it may begin; `queue`: it waited for its turn too long.
 */
export type TimerKind = "retry" | "wait" | "deadline" | "answer" | "start" | "queue";

/** The node waits for a signal of this name, and is done when one comes. One that came before is taken at once. */
export interface SignalAwaited {
  readonly type: "signal-awaited";
  readonly path: string;
  readonly name: string;
}

/** Whoever waits for it first gets it; while nobody does, it is kept. */
export interface SignalReceived {
  readonly type: "signal-received";
  readonly name: string;
  readonly value: Json;
  /** The sender's: a second one with the same is none. */
  readonly id?: string;
}

/** The node asks people, and waits for them. The entry's number names the question. */
export interface QuestionAsked {
  readonly type: "question-asked";
  readonly path: string;
  readonly question: Question;
  /** Epoch ms; absent: however long it takes. */
  readonly until?: number;
}

/** One person's answer to the question that is open at the path. */
export interface QuestionAnswered {
  readonly type: "question-answered";
  readonly path: string;
  readonly answer: Answer;
}

export interface RunCancelled {
  readonly type: "run-cancelled";
  readonly reason?: string;
  /** The server gave it up, rather than anybody. */
  readonly cause?: "crash_loop";
}

export interface RunFinished {
  readonly type: "run-finished";
  readonly status: "SUCCEED" | "FAILED";
  readonly output?: JsonObject;
  readonly error?: LocatedError;
  /** Credits, rounded half-up to 4 places, once, here. */
  readonly totalCost: number;
  readonly totalTokens: number;
}
