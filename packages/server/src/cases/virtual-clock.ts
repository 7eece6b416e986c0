import { setImmediate as turn } from "node:timers/promises";
import type { CancelSignal } from "@millrace/nodes";
import { type Clock, systemClock } from "#clock";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * The time of a case: it stands still while anything is at work, and leaps to the next moment that somebody waits for.
 * V1. Between two leaps `now` is one and the same moment. V2. Of two timers the earlier one is called first; of equal ones, the older.
 */
export class VirtualClock implements Clock {
  #now: number;
  readonly #pace: (ms: number) => Promise<void>;
  readonly #timers = new Set<Timer>();
  #soons = 0;
  #atWork = 0;
  #freed: () => void = () => undefined;

  /** `pace` is waited for before each leap, with how long it is. */
  constructor(start: number, pace: (ms: number) => Promise<void> = async () => undefined) {
    this.#now = start;
    this.#pace = pace;
  }

  readonly now = (): number => this.#now;
  readonly mono = systemClock.mono;

  readonly at = (wallMs: number, wake: () => void): (() => void) => {
    const timer = { at: wallMs, wake };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  readonly soon = (wake: () => void): void => {
    this.#soons += 1;
    systemClock.soon(() => {
      this.#soons -= 1;
      wake();
    });
  };

  /** Time stands still until the work is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#atWork += 1;
    try {
      return await work;
    } finally {
      this.#atWork -= 1;
      this.#freed();
    }
  }

  /** Resolves when nothing more happens at this moment. */
  async rest(): Promise<void> {
    for (;;) {
      await turn();
      if (this.#atWork > 0) await new Promise<void>((resolve) => (this.#freed = resolve));
      else if (this.#soons === 0) return;
    }
  }

  /** Goes to the next moment that somebody waits for, and calls who waits for it; false: nobody waits. */
  async leap(): Promise<boolean> {
    const next = Math.min(...[...this.#timers].map(({ at }) => at));
    if (next === Number.POSITIVE_INFINITY) return false;
    await this.#pace(Math.max(0, next - this.#now));
    this.#now = Math.max(this.#now, next);
    for (const timer of [...this.#timers].filter(({ at }) => at <= next)) if (this.#timers.delete(timer)) timer.wake();
    return true;
  }

  /** Rejects with the signal's reason where it is aborted before. */
  sleep(ms: number, signal?: CancelSignal): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = this.at(this.#now + ms, resolve);
      signal?.addEventListener(
        "abort",
        () => {
          stop();
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }
}
