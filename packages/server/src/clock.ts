/** The only source of time. `mono` never jumps and is never stored. */
export interface Clock {
  /** Wall time, epoch ms. */
  now(): number;
  /** Monotonic time, ms with fractions. */
  mono(): number;
  /** Calls back once at `wallMs` or later, never earlier; the returned function takes it back. Does not keep the process alive. */
  at(wallMs: number, wake: () => void): () => void;
  /** Calls back after what else waits in the event loop. */
  soon(wake: () => void): void;
}

/**
 * A longer wait is made of several, each measured anew by the wall clock: where that is put forward, or the machine sleeps, a wait is late
 * by this much at most. (setTimeout counts neither, and in 32 bits.)
 */
const LONGEST_TIMEOUT_MS = 60_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  at: (wallMs, wake) => {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = wallMs - Date.now();
      if (left <= 0) timer = setTimeout(wake, 0);
      else timer = setTimeout(arm, Math.min(left, LONGEST_TIMEOUT_MS));
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
  soon: (wake) => void setImmediate(wake),
};
