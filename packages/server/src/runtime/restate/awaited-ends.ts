import type { Clock } from "#clock";
import type { Logger } from "#log";
import { type EngineClient, EngineUnavailable } from "#runtime/restate/engine-client";
import type { Ended, Submission } from "#runtime/restate/words";
import type { RunContents } from "#store/store";

/** Before the engine is asked again for the end of a run, ms. */
const RETRY_MS = 250;

export interface AwaitedEndsPorts {
  readonly engine: Pick<EngineClient, "submit" | "carryOut" | "end">;
  readonly clock: Clock;
  readonly log: Logger;
  /** The run as the store has it. */
  view(tenantId: string, runId: string): Promise<RunContents | null>;
  /** The run has come to its end, wherever it is hosted. */
  ended(runId: string, end: RunContents): void;
}

interface Awaited {
  readonly runId: string;
  /** It was accepted here, and is to be begun; null: it is known to be begun, or somebody else begins it. */
  submission: Submission | null;
  /** What the engine is being asked. */
  asked: AbortController;
  /** Nobody waits any more. */
  isLeft: boolean;
  /** Its end was told here: what the engine still says of it is of no use. */
  isOver: boolean;
}

/** Begins the runs that are accepted here, and asks the engine for the ends of those that somebody here waits for: in one call, where both come together. */
export class AwaitedEnds {
  readonly #ports: AwaitedEndsPorts;
  readonly #awaited = new Map<string, Awaited>();
  /** Accepted in this turn of the event loop: whoever is to wait for the end does so before the next. */
  readonly #fresh = new Map<string, Submission>();
  #stopped = false;

  constructor(ports: AwaitedEndsPorts) {
    this.#ports = ports;
  }

  /** The run is durable. Where the engine cannot be asked for the moment, the run is begun later. */
  begin(submission: Submission): void {
    const { runId } = submission;
    const awaited = this.#awaited.get(runId);
    if (awaited) {
      awaited.submission = submission;
      awaited.asked.abort();
      return;
    }
    this.#fresh.set(runId, submission);
    this.#ports.clock.soon(() => this.#fresh.delete(runId) && void this.#submit(submission));
  }

  await(runId: string): void {
    if (this.#awaited.has(runId)) return;
    const submission = this.#fresh.get(runId) ?? null;
    this.#fresh.delete(runId);
    const awaited = { runId, submission, asked: new AbortController(), isLeft: false, isOver: false };
    this.#awaited.set(runId, awaited);
    void this.#follow(awaited);
  }

  /** Nobody here waits for it any more. */
  leave(runId: string): void {
    const awaited = this.#awaited.get(runId);
    if (!awaited) return;
    this.#awaited.delete(runId);
    awaited.isLeft = true;
    // A connection that is cut off is of no use for the next run.
    if (!awaited.isOver) awaited.asked.abort();
  }

  /** Its end was told here. */
  heard(runId: string): void {
    const awaited = this.#awaited.get(runId);
    if (awaited) awaited.isOver = true;
  }

  stop(): void {
    this.#stopped = true;
    for (const runId of this.#awaited.keys()) this.leave(runId);
  }

  async #follow(awaited: Awaited): Promise<void> {
    const { runId } = awaited;
    while (!awaited.isLeft) {
      awaited.asked = new AbortController();
      const { signal } = awaited.asked;
      const ended = await this.#ask(awaited, signal).catch(() => null);
      const end = ended && !awaited.isOver && (ended.end ?? (await this.#ports.view(ended.tenantId, runId).catch(() => null)));
      if (end) this.#ports.ended(runId, end);
      if (awaited.isOver || end) return void this.leave(runId);
      // Otherwise there is something new to ask.
      if (!signal.aborted) await this.#rest(signal);
    }
    // The call was cut off: it may not have come to the engine.
    if (awaited.submission && !this.#stopped) await this.#submit(awaited.submission);
  }

  async #ask(awaited: Awaited, signal: AbortSignal): Promise<Ended | null> {
    const { runId, submission } = awaited;
    if (!submission) return this.#ports.engine.end(runId, signal);
    const ended = await this.#ports.engine.carryOut(submission, signal);
    awaited.submission = null;
    return ended;
  }

  async #submit(submission: Submission): Promise<void> {
    try {
      await this.#ports.engine.submit(submission);
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      this.#ports.log.warn({ err: error, workflowRunId: submission.runId }, "a run was accepted and not begun yet");
    }
  }

  #rest(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports;
    return new Promise((resolve) => {
      const stop = clock.at(clock.now() + RETRY_MS, resolve);
      signal.addEventListener("abort", () => resolve(stop()), { once: true });
    });
  }
}
