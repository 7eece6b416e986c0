import type { EntryBody, ExecuteCommand, RunState } from "@millrace/engine";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import { ASIDE_FROM, GIVE_UP_AT, givenUp, lostAttempts, PATIENCE_MS, STAGES, type Stage } from "#runtime/attempts/lost-attempts";
import type { Strays } from "#runtime/embedded/strays";
import type { CompiledVersion } from "#runtime/runtime";
import type { ClaimedRun, SuspectedRun, SuspectStore } from "#store/store";

// Runs that may be what the process dies of. Invariants, each a test by its number:
// C1. A death counts against a run only where its owner did not let it go, an attempt was under way, and nothing of it was recorded since.
// C2. From the second such death in a row on, it is resumed with few other suspects beside it, until it has come further: the more deaths,
//     the fewer, and at last alone. Those with the fewest deaths come first, so that a culprit holds up none of them.
// C3. At the fifth in a row it ends FAILED with crash_loop; what it did is in its journal.
// C4. It is not resumed before its process has lived for a while, longer with each death: a process that dies sooner, killed again and
//     again, does not die of it.

/** After the store could not be asked for them. */
export const RETRY_MS = 1_000;

/** A run that was claimed, with what its journal amounts to. */
export interface Resumable {
  readonly claimed: ClaimedRun;
  readonly version: CompiledVersion;
  readonly state: RunState;
}

export interface CrashLoopPorts {
  readonly runs: Pick<SuspectStore, "suspect" | "takeAside">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Pick<Clock, "now" | "at">;
  readonly log: Pick<Logger, "warn" | "error">;
  readonly strays: Strays;
  /** null: it cannot go on. */
  load(claimed: ClaimedRun): Promise<Resumable | null>;
  /** `first` is recorded before anything else. */
  drive(run: Resumable, first?: EntryBody): Promise<void>;
  /** Tells of each change; null: the run is no longer driven here. */
  listen(runId: string, changed: (state: RunState | null) => void): () => void;
}

export class CrashLoops {
  readonly #ports: CrashLoopPorts;
  readonly #startedAt: number;
  #stopped = false;
  #resuming: Promise<void> | null = null;

  constructor(ports: CrashLoopPorts) {
    this.#ports = ports;
    this.#startedAt = ports.clock.now();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Counts the death that orphaned these runs; answers those that may go on at once. The others are set aside. */
  async sift(runs: readonly Resumable[]): Promise<readonly Resumable[]> {
    const suspects = runs.filter(isSuspect);
    if (suspects.length === 0) return runs;
    const counted = suspects.map(({ claimed }) => ({ claim: claimed.claim, progress: progressOf(claimed) }));
    const deaths = await this.#ports.runs.suspect(counted, ASIDE_FROM);
    const aside = new Set(suspects.filter((_, index) => (deaths[index] ?? 0) >= ASIDE_FROM));
    return runs.filter((run) => !aside.has(run));
  }

  /** Resumes those that were set aside, a few at once. */
  resumeAside(): Promise<void> {
    this.#resuming ??= this.#resumeAll().finally(() => {
      this.#resuming = null;
    });
    return this.#resuming;
  }

  async #resumeAll(): Promise<void> {
    const { clock, log } = this.#ports;
    try {
      for (const [reached, { afterMs }] of STAGES.entries()) {
        await this.#waitUntil(this.#startedAt + afterMs);
        // From the first stage on: others may have died meanwhile.
        let areWaiting = false;
        for (const stage of STAGES.slice(0, reached + 1)) areWaiting = await this.#resumeUpTo(stage);
        if (!areWaiting) return;
      }
    } catch (error) {
      log.error({ err: error }, "runs that were set aside could not be resumed; it is tried again");
      clock.at(clock.now() + RETRY_MS, () => void this.resumeAside());
    }
  }

  #waitUntil(wallMs: number): Promise<void> {
    return new Promise((resolve) => void this.#ports.clock.at(wallMs, resolve));
  }

  /** Those with so many deaths at most, and those that are given up: to end a run needs no long life. Resolves to whether others wait. */
  async #resumeUpTo({ deaths, atOnce }: Stage): Promise<boolean> {
    const { runs, owner, strays } = this.#ports;
    const waiting = { from: deaths + 1, below: GIVE_UP_AT };
    const underWay = new Set<Promise<void>>();
    let areWaiting = false;
    while (!this.#stopped) {
      if (underWay.size >= atOnce) {
        await Promise.race(underWay);
        continue;
      }
      const resumed = await strays.during(async () => {
        const suspected = await runs.takeAside(owner, waiting);
        areWaiting = suspected === "waiting";
        return suspected && suspected !== "waiting" ? this.#resume(suspected) : null;
      });
      if (!resumed) break;
      const passed = resumed.passed.then(() => void underWay.delete(passed));
      underWay.add(passed);
    }
    await Promise.all(underWay);
    return areWaiting;
  }

  /** Resolves when it is driven. */
  async #resume(suspected: SuspectedRun): Promise<{ readonly passed: Promise<void> }> {
    const { load, drive, log } = this.#ports;
    const run = await load(suspected);
    if (!run) return PASSED;
    const { deaths } = suspected;
    const lost = lostAttempts(run.state);
    const facts = { workflowRunId: suspected.run.id, paths: lost.map(({ path }) => path), deaths };
    if (deaths >= GIVE_UP_AT) {
      log.error(facts, "the server died again and again while it ran this run; the run is ended");
      await drive(run, givenUp(deaths, lost));
      return PASSED;
    }
    log.warn(facts, "the server may have died of this run; it is resumed with few others beside it");
    const passed = this.#passed(suspected.run.id, lost);
    await drive(run);
    return { passed };
  }

  /** Resolves when the run has come further, or has had its time. */
  #passed(runId: string, lost: readonly ExecuteCommand[]): Promise<void> {
    const { clock, listen } = this.#ports;
    const attempts = new Map(lost.map(({ path, attempt }) => [path, attempt]));
    const isWhereItWas = ({ active }: RunState) =>
      active.some((one) => one.active === "attempt" && one.attempt <= (attempts.get(one.path) ?? -1) + 1);
    return new Promise((resolve) => {
      const done = (): void => {
        takeBack();
        unlisten();
        resolve();
      };
      const takeBack = clock.at(clock.now() + PATIENCE_MS, done);
      const unlisten = listen(runId, (state) => (state && isWhereItWas(state)) || done());
    });
  }
}

const PASSED = { passed: Promise.resolve() };

/** Nothing is newer than the beginning of an attempt. */
function isSuspect({ claimed, state }: Resumable): boolean {
  return claimed.orphaned && claimed.entries.at(-1)?.type === "node-started" && lostAttempts(state).length > 0;
}

/** What came of the run so far: the beginning of an attempt is none of it. */
function progressOf({ entries }: ClaimedRun): number {
  return entries.reduce((count, { type }) => (type === "node-started" ? count : count + 1), 0);
}
