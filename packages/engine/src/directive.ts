import type { Json, JsonObject, UsageKind } from "@millrace/contract";

/**
 * What a node's executor may answer: a closed set of verbs. The engine knows verbs, never node types;
 * a new verb does not compile until `interpret` handles it.
 */
export type Directive = ContinueDirective | FinishDirective | LeaveDirective | IterateDirective | WaitDirective | AskDirective;

/** The node is done; `port` (default "out") is taken, its other ports are skipped. */
export interface ContinueDirective {
  readonly verb: "continue";
  readonly port?: string;
  /** The node's result fields. */
  readonly output: JsonObject;
  /** Loop variables to set in the nearest enclosing loop that has them. */
  readonly assign?: JsonObject;
  /** Lines that the attempt wrote, for whoever reads the run. */
  readonly logs?: readonly string[];
  /** What this attempt cost; one row each. */
  readonly usage?: readonly Usage[];
  /** The answer is that of an attempt of another run, or of an earlier one of this. */
  readonly cached?: CachedFrom;
}

/** Where an answer comes from that was kept. */
export interface CachedFrom {
  readonly runId: string;
  /** Epoch ms. */
  readonly at: number;
}

/** An end of the run is reached; the run's output gets these members. */
export interface FinishDirective {
  readonly verb: "finish";
  readonly output: JsonObject;
}

/** Ends the iteration that the node is in: `next` lets it settle, the other two abandon it. */
export interface LeaveDirective {
  readonly verb: "leave";
  readonly how: "next" | "continue" | "break";
  /** `next` only: the iteration's result. */
  readonly output?: Json;
}

/** Run the node's body once per item. */
export interface IterateDirective {
  readonly verb: "iterate";
  readonly mode: "sequential" | "parallel";
  /** The items, or null: `count` iterations whose item is null. */
  readonly items: readonly Json[] | null;
  /** Iterations at most; with `items`, their number. `null`: until `while` (of the node's config) is false. */
  readonly count: number | null;
  /** Parallel: items open at once. */
  readonly concurrency: number;
  readonly onItemError: "fail" | "null" | "drop";
  /** Sequential: initial loop variables. */
  readonly variables: JsonObject;
}

/**
 * Nothing to do until a moment (epoch ms), or for this long from now: then the node is done, and its result is `firedAt`. Or until a signal
 * of this name comes: its result is `value` and `receivedAt`.
 */
export type WaitDirective =
  | { readonly verb: "wait"; readonly until: number }
  | { readonly verb: "wait"; readonly forMs: number }
  | { readonly verb: "wait"; readonly signal: string };

/**
 * People are asked. The node is done once an answer was given by as many of them as it needs, and takes the port of that answer; where nobody
 * did until a moment (epoch ms), or for this long from now, it takes the port `timeout`. Its result is an `AnswerResult`.
 */
export interface AskDirective {
  readonly verb: "ask";
  readonly question: Question;
  readonly until?: number;
  readonly forMs?: number;
}

export interface Question {
  /** What people are shown, and who may answer: for those who carry the question to people. The engine does not read it. */
  readonly about: JsonObject;
  /** How many different people have to give an answer before it counts, by its port. */
  readonly needs: { readonly [port: string]: number };
}

/** Somebody's answer to a question. */
export interface Answer {
  /** The port that it takes. */
  readonly action: string;
  /** Who gave it, always the same for the same person: nobody answers twice. */
  readonly person: string;
  /** The same, for people. */
  readonly by: string;
  readonly form: JsonObject;
  readonly comment: string | null;
}

/** The port of a question that nobody answered in time. */
export const TIMEOUT_PORT = "timeout";

/** One priced thing of one attempt. Credits are exact decimals as text ("0.0125"); 100 credits = US$1. */
export interface Usage {
  readonly kind: UsageKind;
  readonly model?: string;
  /** Cached ones included. */
  readonly inputTokens: number;
  /** Reasoning included. */
  readonly outputTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
  /** ms from the request until the first piece of a streamed answer came. */
  readonly firstTokenMs?: number;
  readonly credits: string;
  /** Paid for by the attempt whose kept answer this one took: nothing was paid for here. */
  readonly cached?: true;
  /** The called run that paid for it, where it was another than this one: there it is counted. */
  readonly runId?: string;
  /** The price that was applied: credits for a million, by what is counted (`input`, `output`, `cached`, …). */
  readonly price?: { readonly [unit: string]: string };
}
