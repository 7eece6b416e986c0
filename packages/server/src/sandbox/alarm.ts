/** A timer for one time to come, which can be brought forward and keeps the program alive. */
export class Alarm {
  readonly #ring: (lateMs: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  /** For how long it was set; infinite when it is not. */
  ms = Number.POSITIVE_INFINITY;

  /** `lateMs`: by how much it rings later than it was set for, because the program was busy. */
  constructor(ring: (lateMs: number) => void) {
    this.#ring = ring;
  }

  get isSet(): boolean {
    return this.#timer !== undefined;
  }

  /** Rings after so many ms, or before that where it is set already. */
  within(ms: number): void {
    const dueAt = performance.now() + ms;
    if (dueAt >= this.#dueAt) return;
    this.stop();
    this.ms = ms;
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.stop();
      this.#ring(performance.now() - dueAt);
    }, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.ms = Number.POSITIVE_INFINITY;
  }
}
