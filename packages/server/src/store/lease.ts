/** An owner whose beat has not changed for this long is dead: one stall of the event loop is forgiven, a dead process is not waited for. */
export const LEASE_MS = 15_000;

/** A third of the lease. */
export const RENEW_MS = LEASE_MS / 3;

/**
 * Between two beats of a process, each with a look at those of the others: a little more than a third of the lease, so that from the first look
 * to the fourth is a lease however long the first took to be answered. Else a dead process is waited for until the fifth. Two lost beats are
 * forgiven.
 */
export const BEAT_MS = RENEW_MS + 200;

/**
 * Who is alive, judged by how long this observer has seen the same beat, on its own monotonic clock. No wall time is compared,
 * neither over a restart nor between machines: a clock that jumps expires no lease.
 */
export class Liveness {
  readonly #mono: () => number;
  readonly #seen = new Map<string, { readonly beat: number; readonly since: number }>();

  /** `mono`: monotonic ms. */
  constructor(mono: () => number) {
    this.#mono = mono;
  }

  /**
   * Looks at the beats. A store that was away, or that took long to answer, took no beats either: nobody is blamed for that time.
   */
  async looking<T>(look: () => Promise<T>): Promise<T> {
    const began = this.#mono();
    let hasSeen = false;
    try {
      const seen = await look();
      hasSeen = this.#mono() - began < RENEW_MS;
      return seen;
    } finally {
      if (!hasSeen) this.#seen.clear();
    }
  }

  /** Takes note of the beats as stored now; returns the owners that are alive. An owner seen for the first time is. */
  observe(beats: ReadonlyMap<string, number>): ReadonlySet<string> {
    const now = this.#mono();
    const alive = new Set<string>();
    for (const [owner, beat] of beats) {
      const before = this.#seen.get(owner);
      if (before?.beat !== beat) this.#seen.set(owner, { beat, since: now });
      if (before?.beat !== beat || now - before.since < LEASE_MS) alive.add(owner);
    }
    for (const owner of this.#seen.keys()) if (!beats.has(owner)) this.#seen.delete(owner);
    return alive;
  }
}
