import type { Clock } from "#clock";
import { Overloaded } from "#runtime/runtime";
import type { SharedStore } from "#store/shared-store";

/** How long what was counted is believed, in ms: what other processes hand over meanwhile comes on top. */
const COUNTED_FOR_MS = 1_000;

/** What a caller is told to wait while as many runs wait as may. */
const RETRY_MS = 1_000;

export interface HandedQueuePorts {
  readonly shared: Pick<SharedStore, "handed">;
  readonly clock: Pick<Clock, "mono">;
  /** Runs that may wait, over all processes. */
  readonly limit: number;
}

/** The runs that were handed over and that nobody has taken yet. Without a bound they would fill the database while there is no worker. */
export class HandedQueue {
  readonly #ports: HandedQueuePorts;
  #waiting = 0;
  /** Monotonic ms. */
  #countedAt = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | null = null;

  constructor(ports: HandedQueuePorts) {
    this.#ports = ports;
  }

  /** One more is about to wait. Rejects with Overloaded where there is no room for it. */
  async enter(): Promise<void> {
    const { clock, limit } = this.#ports;
    if (this.#waiting >= limit || clock.mono() - this.#countedAt > COUNTED_FOR_MS) await this.#count();
    if (this.#waiting >= limit) throw new Overloaded(RETRY_MS);
    this.#waiting += 1;
  }

  /** Callers of the same moment share it. */
  #count(): Promise<void> {
    this.#counting ??= this.#counted().finally(() => {
      this.#counting = null;
    });
    return this.#counting;
  }

  async #counted(): Promise<void> {
    const { shared, clock, limit } = this.#ports;
    this.#waiting = await shared.handed(limit);
    this.#countedAt = clock.mono();
  }
}
