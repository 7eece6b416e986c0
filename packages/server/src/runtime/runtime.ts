import type { Json, JsonObject } from "@millrace/contract";
import { type Answer, type DraftOptions, type Entry, type Pause, type Plan, type RunCaller, TerminalError } from "@millrace/engine";
import type { ChatDelta } from "@millrace/nodes";
import type { IdempotencyKey, NewRun, RunContents } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";

/** The runtime seam: who drives a run from acceptance to its end. No room outside runtime/ and store/ knows which one does. */
export interface Runtime {
  /**
   * Begins a run. Resolves once its acceptance is durable, by when it may have ended already.
   * Rejects with `Overloaded`, `QueueFull` or `Draining` before a run exists, or with the store's error.
   */
  start(run: RunToStart): Promise<RunHandle>;
  /** A run that is driven here; null: it has ended, sleeps, is driven elsewhere, or does not exist. */
  attach(runId: string): RunHandle | null;
  /** What a run that goes on waits for; null: it has ended, is driven elsewhere, or does not exist. */
  moment(tenantId: string, runId: string): Promise<Moment | null>;
  /**
   * Ends the run as cancelled, also one that sleeps or that another process drives; resolves once its end is durable, whichever end came
   * first. True: it was this cancellation. False: it was another end, or nobody drives the run now. Rejects with `Draining`.
   */
  cancel(tenantId: string, runId: string, reason?: string): Promise<boolean>;
  /**
   * Tells the run, likewise; resolves once that is durable. False: the run has ended, or nobody drives it now. Rejects with `SignalsFull`
   * or `Draining`.
   */
  signal(tenantId: string, runId: string, signal: Signal): Promise<boolean>;
  /**
   * Gives somebody's answer to the question that the journal entry `seq` asked, likewise; resolves once that is durable. Of answers, time limits and
   * cancellations that come at the same moment exactly one settles it. Rejects with `Draining`.
   */
  answer(tenantId: string, runId: string, seq: number, answer: Answer): Promise<Answered>;
  /**
   * Calls back each time that more of the journal of a run is durable, here or in another process, with `more` false when it has ended or
   * goes on only after the next start. Returns the way to stop.
   */
  watch(tenantId: string, runId: string, heard: (more: boolean) => void): () => void;
  /** Calls back with the id of each run that is accepted here, comes further, ends or is let go. Returns the way to stop. */
  watchAll(heard: (runId: string) => void): () => void;
  /**
   * Calls back with each piece that an attempt of a run shows, from now on: after its node-started entry is durable, and before what came of
   * it is. Of a run that another process drives, pieces come together and a moment later, and may be missed.
   */
  watchPieces(runId: string, heard: (piece: ShownPiece) => void): PieceWatch;
  /**
   * Calls back once the end of a run is durable, wherever it is or will be driven; the returned function takes it back. `stuck` is called each
   * time that a run which is driven here cannot be written: its end may be long in coming.
   */
  whenEnded(tenantId: string, runId: string, listener: (end: RunContents) => void, stuck?: () => void): () => void;
  /** Takes over every unfinished run that nobody drives. Resolves with their number; they run on in the background. */
  resume(): Promise<number>;
  /** Of several processes on one store: what those that died have left behind goes on here, and what they put to sleep is woken in time. */
  lookAround(): Promise<void>;
  /** Stops taking runs, lets go of those under way where their journals are durable. Resolves when nothing is written any more. */
  drain(): Promise<void>;
}

export interface PieceWatch {
  /** Resolves when what an attempt showed is heard, once what came of it can be read; null: it is. */
  caughtUp(): Promise<void> | null;
  stop(): void;
}

/** The run that a new one retries. */
export interface Retry {
  readonly of: string;
  /** Its journal, whose results are taken over; null: from the start. */
  readonly journal: readonly Entry[] | null;
}

export interface RunToStart {
  readonly tenantId: string;
  readonly run: Omit<NewRun, "owner">;
  readonly version: CompiledVersion;
  readonly input: JsonObject;
  /** `input` as nodes see it: declared parameters only, defaults applied. */
  readonly startValues: JsonObject;
  /** Equal requests are one run: rejects with `IdempotencyKeyTaken` where that run exists. */
  readonly once?: IdempotencyKey;
  /** Told of the run's end, with the same bytes that a query answers. */
  readonly webhooks?: readonly WebhookTarget[];
  readonly retry?: Retry;
  /** Not before this moment, epoch ms, does the run begin. */
  readonly startAt?: number;
  /** The step that called; its run has a place, and this one takes none: a run that waits for a place which it holds itself would wait for ever. */
  readonly caller?: RunCaller;
  /** Where traces are kept: the span that asks for the run, as in the header of this name. */
  readonly traceparent?: string;
  /** Of a run of a draft. */
  readonly draft?: DraftOptions;
}

/** A node that calls a workflow. */
export interface CallingStep {
  readonly tenantId: string;
  readonly runId: string;
  readonly path: string;
  readonly userId: string | null;
  /** The API key that its run is counted to: what it calls is counted to that too. */
  readonly keyId: string | null;
  /** The attempt's span; absent where no traces are kept. */
  readonly traceparent?: string;
  /** Calls above its run. */
  readonly depth: number;
  /** Changes once a failure of the step, or of a container around it, was recorded. */
  readonly failures: string;
  /** Where a node calls in several steps: which of them it is. */
  readonly once?: string;
  /** When it began to call, in an earlier life of its run (epoch ms): its time counts from then on. */
  readonly calledAt?: number;
  /** Told of the run that it calls, once that is there. */
  readonly waits?: (runId: string) => void;
}

/** A piece of a result that is not there yet; kept nowhere. */
export interface ShownPiece {
  readonly path: string;
  /** Another attempt begins anew. */
  readonly attempt: number;
  readonly channel: ChatDelta["channel"];
  /** Characters that the attempt has shown on this channel before: whoever heard fewer has missed some. */
  readonly from: number;
  readonly text: string;
}

/** A published version, planned once and shared by all its runs. */
export interface CompiledVersion {
  readonly plan: Plan;
  /** The check of `input` against the Start node; the values that nodes see. */
  startValues(input: JsonObject): JsonObject;
}

/** Told of runs as they come and go. */
export interface RunCounts {
  accepted(): void;
  ended(status: RunContents["status"]): void;
  /** So many runs go on here whose process is gone. */
  takenOver(runs: number): void;
}

export interface RunHandle {
  readonly runId: string;
  /** The run's end, once it is durable. */
  readonly result: RunContents | null;
  /** What is known of the run now; not all of it need be durable. */
  current(): RunContents;
  /** What keeps it from going on. */
  moment(): Moment;
}

/** What a run that goes on waits for. */
export interface Moment {
  /** Of a run that does nothing but wait. */
  readonly pause: Pause | null;
  /** Of a run that waits for its turn: 1 is next. */
  readonly queuePosition: number | null;
}

/** What a run is told from outside. */
export interface Signal {
  readonly name: string;
  readonly value: Json;
  /** The sender's: a second one with the same is none. */
  readonly id?: string;
}

/** `closed`: no such question is open, or nobody drives the run now. `before`: this person has answered it. */
export type Answered = "taken" | "closed" | "before";

/** Why attempts are dropped that go on elsewhere, or after the next start: what they began stays as it is. */
export class LetGo extends TerminalError {
  constructor(reason: string) {
    super("cancelled", reason);
    this.name = "LetGo";
  }
}

/** Every place for a run is taken; nothing was accepted. */
export class Overloaded extends Error {
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super("the server is at capacity");
    this.name = "Overloaded";
    this.retryAfterMs = retryAfterMs;
  }
}

/** As many runs as may wait for their turn under the workflow's limit; nothing was accepted. */
export class QueueFull extends Error {
  readonly limit: number;
  readonly retryAfterMs: number;
  constructor(limit: number, retryAfterMs: number) {
    super("the queue of the workflow is full");
    this.name = "QueueFull";
    this.limit = limit;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The run keeps as many signals as it may that nothing has waited for; nothing was recorded. */
export class SignalsFull extends Error {
  constructor() {
    super("the run keeps too many signals");
    this.name = "SignalsFull";
  }
}

/** The server is shutting down; nothing was accepted. */
export class Draining extends Error {
  constructor() {
    super("the server is shutting down");
    this.name = "Draining";
  }
}
