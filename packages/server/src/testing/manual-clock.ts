import { type Clock, systemClock } from "#clock";

/** The system's clock, which a test may move forward. Timers that are due then fire at once, in order. */
export class ManualClock implements Clock {
  #ahead = 0;
  readonly #timers = new Set<{ readonly wallMs: number; readonly wake: () => void }>();

  readonly now = (): number => systemClock.now() + this.#ahead;
  readonly mono = systemClock.mono;
  readonly soon = systemClock.soon;

  readonly at = (wallMs: number, wake: () => void): (() => void) => {
    const takeBack = systemClock.at(wallMs - this.#ahead, () => fire());
    const timer = { wallMs, wake: () => fire() };
    const forget = (): void => {
      this.#timers.delete(timer);
      takeBack();
    };
    const fire = (): void => {
      forget();
      wake();
    };
    this.#timers.add(timer);
    return forget;
  };

  advance(ms: number): void {
    this.#ahead += ms;
    const now = this.now();
    const due = [...this.#timers].filter(({ wallMs }) => wallMs <= now).sort((left, right) => left.wallMs - right.wallMs);
    for (const { wake } of due) wake();
  }
}
