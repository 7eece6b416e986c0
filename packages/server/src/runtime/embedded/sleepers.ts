import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { Strays } from "#runtime/embedded/strays";
import type { ClaimedRun, RunStore } from "#store/store";

/** Woken at once: enough to fill a commit, few enough that the first ones move on early. */
const BATCH = 256;

/** Wait before another look, where every place is taken or the store could not be asked. */
const RETRY_MS = 250;

export interface SleepersPorts {
  readonly runs: Pick<RunStore, "wake" | "nextWakeAt">;
  /** Names this process in the store. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many more runs may be under way here. */
  room(): number;
  drive(run: ClaimedRun): Promise<void>;
  readonly strays: Strays;
  /** Takes over what nobody drives: a claim that failed half-way leaves such runs. */
  takeOver(): Promise<unknown>;
}

/** Wakes the runs that sleep when their time has come: one timer for all of them, however many they are. */
export class Sleepers {
  readonly #ports: SleepersPorts;
  #timer: { readonly at: number; readonly stop: () => void } | null = null;
  #waking: Promise<void> | null = null;
  #stopped = false;

  constructor(ports: SleepersPorts) {
    this.#ports = ports;
  }

  /** Wakes those whose time has come already, and from then on the others. */
  start(): Promise<void> {
    return this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.stop();
  }

  /** Resolves when those that are being woken are driven. */
  async settled(): Promise<void> {
    await this.#waking;
  }

  /** Other processes put runs to sleep too. */
  async look(): Promise<void> {
    const next = await this.#ports.runs.nextWakeAt();
    if (next !== null) this.expect(next);
  }

  /** A run fell asleep until then. */
  expect(at: number): void {
    if (this.#stopped || (this.#timer && this.#timer.at <= at)) return;
    this.#timer?.stop();
    const stop = this.#ports.clock.at(at, () => {
      this.#timer = null;
      void this.#wake();
    });
    this.#timer = { at, stop };
  }

  /** Whoever is at it looks for the next one when it is done. */
  #wake(): Promise<void> {
    this.#waking ??= this.#wakeAll().finally(() => {
      this.#waking = null;
    });
    return this.#waking;
  }

  async #wakeAll(): Promise<void> {
    try {
      const next = (await this.#wakeDue()) ? await this.#ports.runs.nextWakeAt() : this.#ports.clock.now() + RETRY_MS;
      if (next !== null) this.expect(next);
    } catch (error) {
      // Its store may be closed: whoever has it next wakes them.
      if (this.#stopped) return;
      this.#ports.log.error({ err: error }, "sleeping runs could not be woken; it is tried again");
      this.expect(this.#ports.clock.now() + RETRY_MS);
      this.#ports.takeOver().catch((again: unknown) => this.#ports.log.error({ err: again }, "runs could not be taken over"));
    }
  }

  /** False: there may be more, for which there is no room. */
  async #wakeDue(): Promise<boolean> {
    const { room, strays } = this.#ports;
    while (!this.#stopped) {
      const limit = Math.min(BATCH, room());
      if (limit <= 0) return false;
      if (!(await strays.during(() => this.#wakeSome(limit)))) return true;
    }
    return true;
  }

  /** False: there are none. */
  async #wakeSome(limit: number): Promise<boolean> {
    const { runs, owner, clock, drive } = this.#ports;
    const claimed = await runs.wake(owner, clock.now(), limit);
    await Promise.all(claimed.map(drive));
    return claimed.length > 0;
  }
}
