import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { Upkeep } from "#store/upkeep";

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;

/** After the start, when unfinished runs were resumed. */
const FIRST_MS = 60_000;

/** Between two slices of deleting: a quarter of the writer's time at most goes into it. */
const PAUSE_MS = 50;

export interface RetentionPorts {
  readonly upkeep: Upkeep;
  readonly clock: Pick<Clock, "now" | "at">;
  readonly log: Pick<Logger, "info" | "warn">;
  /** Terminal runs are kept this long; 0: for ever. */
  readonly days: number;
}

/**
 * Deletes old runs: each hour, and at once when the disk becomes full, those whose time is over, each day what they left. A pass that fails
 * is made again an hour later.
 */
export class Retention {
  readonly #ports: RetentionPorts;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #pass: Promise<void> = Promise.resolve();
  #closed = false;
  /** Ends what is waited for. */
  #wake: (goesOn: boolean) => void = () => undefined;
  /** Nothing is deleted, and the next pass is waited for. */
  #rests = false;
  #unlisten: () => void = () => undefined;

  constructor(ports: RetentionPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#closed = false;
    if (this.#ports.days === 0) return;
    this.#unlisten = this.#ports.upkeep.whenFull(() => this.#rests && this.#wake(true));
    this.#schedule(FIRST_MS);
  }

  /** Resolves when nothing is deleted any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unlisten();
    this.#wake(false);
    await this.#pass;
  }

  #schedule(ms: number): void {
    this.#rests = true;
    void this.#wait(ms).then((goesOn) => {
      this.#rests = false;
      if (!goesOn) return;
      this.#pass = this.#tidy().catch((error: unknown) => this.#ports.log.warn({ err: error }, "old runs could not be deleted"));
      void this.#pass.then(() => this.#schedule(HOUR_MS));
    });
  }

  async #tidy(): Promise<void> {
    const { upkeep, clock, log, days } = this.#ports;
    const endedBefore = clock.now() - days * DAY_MS;
    const pause = () => this.#wait(PAUSE_MS);
    const runs = await upkeep.prune(endedBefore, pause);
    if (runs > 0) log.info({ runs, days }, "runs were deleted whose retention time is over");
    if (!this.#closed && clock.now() - this.#sweptAt >= DAY_MS) {
      const values = await upkeep.sweep(endedBefore, pause);
      this.#sweptAt = clock.now();
      if (values > 0) log.info({ values }, "large values were removed that no run refers to");
    }
    if (!this.#closed) await upkeep.shrink(pause);
  }

  /** False: it is not to go on. */
  #wait(ms: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const takeBack = this.#ports.clock.at(this.#ports.clock.now() + ms, () => resolve(true));
      this.#wake = (goesOn) => {
        takeBack();
        resolve(goesOn);
      };
    });
  }
}
