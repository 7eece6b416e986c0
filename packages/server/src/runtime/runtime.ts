import type { JsonObject } from "@millrace/contract";
import { type Entry, type Pause, type Plan, type RunCaller, TerminalError } from "@millrace/engine";
import type { IdempotencyKey, NewRun, RunContents } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";

/** The runtime seam: who drives a run from acceptance to its end. No room outside runtime/ and store/ knows which one does. */
export interface Runtime {
  /**
   * Begins a run. Resolves once its acceptance is durable, by when it may have ended already.
   * Rejects with `Overloaded` or `Draining` before a run exists, or with the store's error.
   */
  start(run: RunToStart): Promise<RunHandle>;
  /** A run that is driven here; null: it has ended, sleeps, is driven elsewhere, or does not exist. */
  attach(runId: string): RunHandle | null;
  /**
   * Ends the run as cancelled, also one that sleeps; resolves once its end is durable, whichever end came first. True: it was this
   * cancellation. False: it was another end, or the run is not driven here (any more). Rejects with `Draining`.
   */
  cancel(tenantId: string, runId: string, reason?: string): Promise<boolean>;
  /**
   * Calls back each time that more of the journal of a run is durable that is or will be driven here, with `more` false when it has ended
   * or is let go. Returns the way to stop.
   */
  watch(runId: string, heard: (more: boolean) => void): () => void;
  /** Calls back once the end of a run that is or will be driven here is durable; the returned function takes it back. */
  whenEnded(runId: string, listener: (end: RunContents) => void): () => void;
  /** Takes over every unfinished run that nobody drives. Resolves with their number; they run on in the background. */
  resume(): Promise<number>;
  /** Stops taking runs, lets go of those under way where their journals are durable. Resolves when nothing is written any more. */
  drain(): Promise<void>;
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
  /** The step that called; its run has a place, and this one takes none: a run that waits for a place which it holds itself would wait for ever. */
  readonly caller?: RunCaller;
}

/** A node that calls a workflow. */
export interface CallingStep {
  readonly tenantId: string;
  readonly runId: string;
  readonly path: string;
  readonly userId: string | null;
  /** Calls above its run. */
  readonly depth: number;
  /** Changes once a failure of the step, or of a container around it, was recorded. */
  readonly failures: string;
}

/** A published version, planned once and shared by all its runs. */
export interface CompiledVersion {
  readonly plan: Plan;
  /** The check of `input` against the Start node; the values that nodes see. */
  startValues(input: JsonObject): JsonObject;
}

export interface RunHandle {
  readonly runId: string;
  /** The run's end, once it is durable. */
  readonly result: RunContents | null;
  /** What is known of the run now; not all of it need be durable. */
  current(): RunContents;
  /** The wait of a run that does nothing but wait; null for any other. */
  pause(): Pause | null;
}

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

/** The server is shutting down; nothing was accepted. */
export class Draining extends Error {
  constructor() {
    super("the server is shutting down");
    this.name = "Draining";
  }
}
