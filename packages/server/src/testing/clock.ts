import { type Clock, systemClock } from "#clock";

interface Timer {
  readonly wallMs: number;
  readonly wake: () => void;
  stop: () => void;
}

/** The system's clock, which a test puts forward: what is due by then is called back at once. */
export class MovableClock implements Clock {
  readonly #pending = new Set<Timer>();
  #ahead = 0;

  now = (): number => systemClock.now() + this.#ahead;
  mono = systemClock.mono;
  soon = systemClock.soon;

  at = (wallMs: number, wake: () => void): (() => void) => {
    const timer: Timer = { wallMs, wake, stop: () => undefined };
    this.#arm(timer);
    return () => this.#disarm(timer);
  };

  forward(ms: number): void {
    this.#ahead += ms;
    for (const timer of [...this.#pending]) {
      timer.stop();
      this.#arm(timer);
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
