import type { Json } from "@millrace/contract";
import type { Clock } from "#clock";
import type { Logged } from "#runtime/restate/words";
import { isPassing } from "#store/errors";
import type { RunValueStore } from "#store/shared-store";

/** Wait before another try of something that the store could not do. */
const STORE_RETRY_MS = 1_000;

export interface LoggedValuesParts {
  readonly values: RunValueStore;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly runId: string;
}

/**
 * What of a run goes through the engine's log. Of a large value only a reference does, and the value is in the store before: the reference is
 * made of its content, so that every life of the run finds the same.
 */
export class LoggedValues<T extends object> {
  readonly #parts: LoggedValuesParts;
  #closed = false;

  constructor(parts: LoggedValuesParts) {
    this.#parts = parts;
  }

  /** Waits while the store takes no writes: what has been done once would be done again. */
  async logged(whole: T): Promise<Logged<T>> {
    const { values, tenantId, runId } = this.#parts;
    const apart = await this.#patiently(() => values.setApart(tenantId, runId, whole as Json));
    return apart ? { apart } : whole;
  }

  async whole(logged: Logged<T>): Promise<T> {
    if (!("apart" in logged)) return logged;
    return (await this.#patiently(() => this.#parts.values.putTogether(logged.apart))) as T;
  }

  /** Nobody waits any more. */
  close(): void {
    this.#closed = true;
  }

  async #patiently<R>(action: () => Promise<R>): Promise<R> {
    const { clock } = this.#parts;
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (this.#closed || !isPassing(error)) throw error;
        await new Promise<void>((resolve) => void clock.at(clock.now() + STORE_RETRY_MS, resolve));
      }
    }
  }
}
