import type { Clock } from "#clock";

const MINUTE_MS = 60_000;
/** Amounts of one second are remembered together, and are forgotten a minute after its end. */
const SLOT_MS = 1_000;

/** How much there was within the last minute: never less than there was, and at most that of a second more. */
export class MinuteWindow {
  readonly #clock: Pick<Clock, "now">;
  /** Amount by the number of its second, oldest first. */
  readonly #slots = new Map<number, number>();
  #sum = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  add(amount: number): void {
    if (amount <= 0) return;
    const slot = Math.floor(this.#clock.now() / SLOT_MS);
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + amount);
    this.#sum += amount;
  }

  get sum(): number {
    const now = this.#clock.now();
    for (const [slot, amount] of this.#slots) {
      if (endOf(slot) > now) break;
      this.#slots.delete(slot);
      this.#sum -= amount;
    }
    return this.#sum;
  }

  /** When the oldest part of it is forgotten; 0: there is none. */
  get nextEndAt(): number {
    const [slot] = this.#slots.keys();
    return slot === undefined ? 0 : endOf(slot);
  }
}

function endOf(slot: number): number {
  return (slot + 1) * SLOT_MS + MINUTE_MS;
}
