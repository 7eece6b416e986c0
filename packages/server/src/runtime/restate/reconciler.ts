import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { EngineClient } from "#runtime/restate/engine-client";
import type { HostedLimits } from "#runtime/restate/hosted-limits";
import type { TurnStore } from "#store/shared-store";
import type { HostedRuns } from "#store/store";

/** A run that was accepted so long ago and that no worker has begun is begun again, and told of. */
const LATE_AFTER_MS = 10_000;

/** Late runs that are begun again at a time. */
const BATCH = 256;

/** How often it is looked whether the engine works, and what it has left behind. */
const LOOK_EVERY_MS = 5_000;

/** The same while it does not work. */
const RETRY_MS = 500;

/** How often it is looked for runs whose caller has ended: it cancels them itself, unless its worker dies just then. */
const LEFT_EVERY_MS = 60_000;

export interface ReconcilerPorts {
  readonly engine: EngineClient;
  readonly runs: HostedRuns;
  readonly turns: Pick<TurnStore, "stalled">;
  readonly limits: HostedLimits;
  /** Told of runs that were accepted and not begun in time. */
  readonly counts: { begunLate(runs: number): void };
  readonly clock: Clock;
  readonly log: Logger;
}

/** Compares what the engine has with what the store says, and knows whether the engine works: by having it do something. */
export class Reconciler {
  readonly #ports: ReconcilerPorts;
  /** Where workers are, to be told to the engine; null: that is known, or not this process's part. */
  #unannounced: string | null = null;
  #healthy = false;
  /** What could not be done when it last was to be: told of once. */
  readonly #failing = new Set<string>();
  /** By the monotonic clock. */
  #leftAt = Number.NEGATIVE_INFINITY;
  #stopTimer: () => void = () => undefined;
  #stopped = false;

  constructor(ports: ReconcilerPorts) {
    this.#ports = ports;
  }

  /** The engine did something for us when it was last asked to. */
  get isHealthy(): boolean {
    return this.#healthy;
  }

  /** The engine is to be told where workers are. */
  announce(url: string): void {
    this.#unannounced = url;
  }

  /** Looks once, then now and again. */
  async start(): Promise<void> {
    await this.look();
    if (this.#stopped) return;
    const { clock } = this.#ports;
    this.#stopTimer = clock.at(clock.now() + (this.#healthy ? LOOK_EVERY_MS : RETRY_MS), () => void this.start());
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }

  /** Rejects where the engine does not do what it is asked to. From the first time that it does, new runs are taken. */
  async check(): Promise<void> {
    const { engine, log } = this.#ports;
    await engine.ping();
    if (!this.#healthy) log.info({}, "the Restate server works");
    this.#healthy = true;
  }

  /** Never rejects. */
  async look(): Promise<void> {
    await this.#see("a worker could not be registered with the Restate server", () => this.#register());
    this.#healthy = await this.#see("the Restate server does not work", () => this.check());
    if (!this.#healthy) return;
    await this.#see("runs that nobody has begun could not be begun", () => this.#beginLate());
    await this.#see("runs whose turn it may be could not be told", () => this.#callUp());
    await this.#see("runs whose caller has ended could not be cancelled", () => this.#cancelLeft());
    await this.#see("runs that do not go on could not be resumed", () => this.#resumeStuck());
  }

  /** Whether it could be done. One that fails takes no other with it: a cluster's admin API may be away while it carries out runs. */
  async #see(failure: string, duty: () => Promise<void>): Promise<boolean> {
    try {
      await duty();
      this.#failing.delete(failure);
      return true;
    } catch (error) {
      if (!this.#failing.has(failure)) this.#ports.log.error({ err: error }, failure);
      this.#failing.add(failure);
      return false;
    }
  }

  async #register(): Promise<void> {
    if (this.#unannounced === null) return;
    await this.#ports.engine.register(this.#unannounced);
    this.#unannounced = null;
  }

  async #beginLate(): Promise<void> {
    const { engine, runs, limits, counts, clock, log } = this.#ports;
    const late = await runs.unstartedHosted(clock.now() - LATE_AFTER_MS, BATCH);
    if (late.length > 0) counts.begunLate(late.length);
    for (const { tenantId, runId, entries, acceptedAt } of late) {
      log.error({ workflowRunId: runId, acceptedAt }, "a run was accepted and not begun for 10 s; it is begun again");
      await engine.submit({ tenantId, runId, entries, limits });
    }
  }

  /** Whoever was to tell them has died, or could not ask the engine. */
  async #callUp(): Promise<void> {
    const { engine, turns, clock } = this.#ports;
    for (const { runId } of await turns.stalled()) await engine.callUp(runId, clock.now());
  }

  async #cancelLeft(): Promise<void> {
    const { engine, runs, clock } = this.#ports;
    if (clock.mono() < this.#leftAt + LEFT_EVERY_MS) return;
    this.#leftAt = clock.mono();
    for (const { runId } of await runs.leftHosted(BATCH))
      await engine.say(runId, { ask: "cancel", at: clock.now(), reason: "The run that called it has ended." });
  }

  /** What fails too often, because its workers are gone or could not go on, goes to the newest ones. */
  async #resumeStuck(): Promise<void> {
    const { engine, log } = this.#ports;
    const left = (await engine.stuckInvocations()).filter(({ trouble }) => trouble === "left");
    for (const { id, key, lastFailure } of left) {
      log.warn({ workflowRunId: key, failure: lastFailure }, "the workers of a run fail, and there are newer ones: it goes to those");
      await engine.pause(id);
    }
    const known = new Set(left.map(({ id }) => id));
    const paused = (await engine.stuckInvocations()).filter(({ trouble }) => trouble === "paused");
    for (const { id, key, lastFailure } of paused) {
      const fields = { workflowRunId: key, failure: lastFailure };
      if (!known.has(id)) log.error(fields, "a run was paused by the Restate server; it is resumed on the newest workers");
      await engine.resume(id);
    }
  }
}
