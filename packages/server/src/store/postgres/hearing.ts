/** How long whoever changed something waits for others to have heard of it, in ms: one that is frozen hears of it when it goes on. */
const PATIENCE_MS = 250;

interface Awaited {
  heard: number;
  /** Processes that were told; null: that is not known yet. */
  told: number | null;
  readonly resolve: () => void;
}

/** What was told to other processes, by its number, until all of them have heard it. */
export class Hearing {
  readonly #awaited = new Map<number, Awaited>();

  /** Resolves when everybody has heard what has this number, or may have died. */
  async all(number: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited.set(number, { heard: 0, told: null, resolve });
    const timer = setTimeout(resolve, PATIENCE_MS);
    await promise;
    clearTimeout(timer);
    this.#awaited.delete(number);
  }

  /** So many processes were told. */
  told(number: number, processes: number): void {
    const awaited = this.#awaited.get(number);
    if (!awaited) return;
    awaited.told = processes;
    settle(awaited);
  }

  /** One of them has heard it. */
  heard(number: number): void {
    const awaited = this.#awaited.get(number);
    if (!awaited) return;
    awaited.heard += 1;
    settle(awaited);
  }
}

function settle({ heard, told, resolve }: Awaited): void {
  if (told !== null && heard >= told) resolve();
}
