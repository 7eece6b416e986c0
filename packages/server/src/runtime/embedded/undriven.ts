import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { DrivenRuns } from "#runtime/driven-runs";
import type { CrashLoops, Resumable } from "#runtime/embedded/crash-loops";
import type { Strays } from "#runtime/embedded/strays";
import type { RunCounts } from "#runtime/runtime";
import { CommitUnknown, isPassing } from "#store/errors";
import type { SharedStore } from "#store/shared-store";
import type { ClaimedRun } from "#store/store";

/** Runs taken at once: enough to fill a commit, few enough that the first ones move on early. */
const BATCH = 256;

/** Wait before unfinished runs are asked for again. */
const RETRY_MS = 1_000;

export interface UndrivenPorts {
  readonly runs: DrivenRuns;
  /** null: no other process hands over runs. */
  readonly shared: SharedStore | null;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "error">;
  readonly counts: Pick<RunCounts, "takenOver">;
  readonly crashLoops: Pick<CrashLoops, "sift">;
  readonly strays: Strays;
  /** How many more runs may be under way here. */
  room(): number;
  load(run: ClaimedRun): Promise<Resumable | null>;
  drive(run: Resumable): Promise<void>;
  /** The same of a run that somebody may wait for where it was accepted. */
  driveHanded(run: Resumable): Promise<void>;
}

/** Runs that nobody drives: those of processes that are gone, and those that were accepted by processes which drive none. */
export class Undriven {
  readonly #ports: UndrivenPorts;
  readonly #deafen: () => void;
  #isStopped = false;
  #taking: Promise<void> | null = null;
  /** More was handed over since the last look began, or there was no room for it. */
  #isMore = false;

  constructor(ports: UndrivenPorts) {
    this.#ports = ports;
    this.#deafen = ports.shared?.hear(({ kind }) => kind === "handed" && void this.takeHanded()) ?? (() => undefined);
  }

  stop(): void {
    this.#isStopped = true;
    this.#deafen();
  }

  /** A store that takes no writes at the moment keeps nobody from starting: the runs are taken over once it does. */
  async takeOverWhenPossible(): Promise<number> {
    const { clock, log } = this.#ports;
    try {
      return await this.#takeOver();
    } catch (error) {
      if (!isPassing(error) && !(error instanceof CommitUnknown)) throw error;
      log.warn({ err: error }, "unfinished runs cannot be taken over yet; it is tried again");
      clock.at(clock.now() + RETRY_MS, () => void this.recover());
      return 0;
    }
  }

  /** As a start does after a crash. */
  async recover(): Promise<void> {
    if (this.#isStopped) return;
    await this.takeOverWhenPossible().catch((error: unknown) => this.#ports.log.error({ err: error }, "runs could not be taken over"));
  }

  /** As many as there is room for; one look at a time. */
  takeHanded(): Promise<void> {
    if (!this.#ports.shared) return Promise.resolve();
    this.#isMore = true;
    this.#taking ??= this.#takeAllHanded().finally(() => {
      this.#taking = null;
    });
    return this.#taking;
  }

  /** A run is no longer driven here. */
  roomMade(): void {
    if (this.#isMore && !this.#taking) void this.takeHanded();
  }

  async #takeOver(): Promise<number> {
    let resumed = 0;
    for (;;) {
      const claimed = await this.#ports.strays.during(() => this.#takeBatch());
      if (claimed === 0) return resumed;
      resumed += claimed;
    }
  }

  async #takeBatch(): Promise<number> {
    const { runs, owner, counts, crashLoops, load, drive } = this.#ports;
    const claimed = await runs.takeOver(owner, BATCH);
    if (claimed.length === 0 || this.#isStopped) return 0;
    const loaded = await Promise.all(claimed.map((run) => load(run)));
    const going = await crashLoops.sift(loaded.filter((run) => run !== null));
    await Promise.all(going.map((run) => drive(run)));
    counts.takenOver(claimed.length);
    return claimed.length;
  }

  async #takeAllHanded(): Promise<void> {
    const { room, log, strays } = this.#ports;
    try {
      while (this.#isMore && !this.#isStopped) {
        const limit = Math.min(BATCH, room());
        if (limit <= 0) return;
        this.#isMore = false;
        if (await strays.during(() => this.#takeSomeHanded(limit))) this.#isMore = true;
      }
    } catch (error) {
      // The next one that is handed over, or the next beat, brings another look.
      log.error({ err: error }, "runs that were handed over could not be taken");
    }
  }

  /** False: there are none. */
  async #takeSomeHanded(limit: number): Promise<boolean> {
    const { runs, owner, load, driveHanded } = this.#ports;
    const claimed = await runs.takeHanded(owner, limit);
    const loaded = await Promise.all(claimed.map((run) => load(run)));
    await Promise.all(loaded.map((run) => run && driveHanded(run)));
    return claimed.length > 0;
  }
}
