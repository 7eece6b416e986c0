import { originOf } from "#store/delivery-target";

/** Attempts at once: in all, to one origin, and of one workflow to one origin. */
const MAX_ATTEMPTS = 256;
const MAX_PER_ORIGIN = 64;
export const MAX_PER_LANE = 8;

/** The attempts under way, and whether there is room for one more. */
export class UnderWay {
  readonly #attempts = new Map<string, { readonly lane: string; readonly done: Promise<void> }>();
  /** Those that have ended since the store was asked last: it may tell of them as they were before. */
  readonly #endedSince = new Set<string>();
  readonly #ofLane = new Map<string, number>();
  readonly #ofOrigin = new Map<string, number>();

  get isFull(): boolean {
    return this.#attempts.size >= MAX_ATTEMPTS;
  }

  /** The store is about to be asked what is due. */
  ask(): void {
    this.#endedSince.clear();
  }

  /** Also where it ended since the store was asked. */
  has(key: string): boolean {
    return this.#attempts.has(key) || this.#endedSince.has(key);
  }

  hasRoom(lane: string): boolean {
    const [inLane, toOrigin] = [this.#ofLane.get(lane) ?? 0, this.#ofOrigin.get(originOf(lane)) ?? 0];
    return !this.isFull && inLane < MAX_PER_LANE && toOrigin < MAX_PER_ORIGIN;
  }

  add(key: string, lane: string, done: Promise<void>): void {
    this.#attempts.set(key, { lane, done });
    count(this.#ofLane, lane, 1);
    count(this.#ofOrigin, originOf(lane), 1);
  }

  delete(key: string): void {
    const lane = this.#attempts.get(key)?.lane;
    if (lane === undefined) return;
    this.#attempts.delete(key);
    this.#endedSince.add(key);
    count(this.#ofLane, lane, -1);
    count(this.#ofOrigin, originOf(lane), -1);
  }

  /** Resolves when those that are under way now have ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#attempts.values()].map(({ done }) => done));
  }
}

/** Of what there is none, no count is kept. */
function count(counts: Map<string, number>, name: string, change: 1 | -1): void {
  const sum = (counts.get(name) ?? 0) + change;
  if (sum === 0) counts.delete(name);
  else counts.set(name, sum);
}
