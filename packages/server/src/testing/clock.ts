import { type Clock, systemClock } from "#clock";

interface Timer {
  readonly wallMs: number;
  readonly wake: () => void;
  stop: () => void;
}

/** The system's clock, which a test puts forward: what is due by then is called back at once, in order. */
export class MovableClock implements Clock {
  readonly #pending = new Set<Timer>();
  #ahead = 0;

  readonly now = (): number => systemClock.now() + this.#ahead;
  readonly mono = systemClock.mono;
  readonly soon = systemClock.soon;

  readonly at = (wallMs: number, wake: () => void): (() => void) => {
    const timer: Timer = { wallMs, wake, stop: () => undefined };
    this.#arm(timer);
    return () => this.#disarm(timer);
  };

  forward(ms: number): void {
    this.#ahead += ms;
    for (const timer of [...this.#pending].sort((left, right) => left.wallMs - right.wallMs)) {
      // One that was called back before may have taken it back.
      if (!this.#pending.has(timer)) continue;
      this.#disarm(timer);
      if (timer.wallMs > this.now()) this.#arm(timer);
      else timer.wake();
    }
  }

  #arm(timer: Timer): void {
    this.#pending.add(timer);
    timer.stop = systemClock.at(timer.wallMs - this.#ahead, () => {
      this.#pending.delete(timer);
      timer.wake();
    });
  }

  #disarm(timer: Timer): void {
    this.#pending.delete(timer);
    timer.stop();
  }
}
