import type { Logger } from "#log";
import { StoreFull } from "#store/errors";
import type { Reserve } from "#store/sqlite/reserve";

// What a full disk means for the store. Invariants, each a test by its number:
// F1. From the first write that finds no room until the reserve is there again, no run is accepted; what there is goes on.
// F2. The reserve and the room of the write-ahead log are given up at once, so that runs can end and old ones be deleted.
// F3. It ends by itself: when the reserve can be made again and there is as much room beside it.

/** Between two looks at the disk. */
const LOOK_MS = 1_000;

export interface FullDiskPorts {
  readonly reserve: Reserve;
  readonly emptyLog: () => void;
  /** Rejects where nothing can be written. */
  readonly probe: () => Promise<void>;
  readonly log: Pick<Logger, "warn">;
}

export class FullDisk {
  readonly #ports: FullDiskPorts;
  #isFull = false;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #making: Promise<unknown> | null = null;
  #trying: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(ports: FullDiskPorts) {
    this.#ports = ports;
  }

  /** Makes the reserve where it is missing. Not at once: writing it takes as long as all the rest of a start. */
  begin(): void {
    this.#timer = setTimeout(() => this.#make(), LOOK_MS).unref();
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Tells each time that the disk becomes full, once the reserve is given up. Returns the way to stop listening. */
  whenFull(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A write found no room. */
  found(): void {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#ports.reserve.release();
    this.#ports.emptyLog();
    this.#ports.log.warn(
      {},
      "the disk of the data directory is full: no runs are accepted until there is room again; free some, or delete runs",
    );
    this.#lookLater();
    for (const listener of this.#listeners) listener();
  }

  /** Rejects with the reason while the disk is full. */
  async tryAgain(): Promise<void> {
    if (!this.#isFull) return;
    this.#trying ??= this.#try().finally(() => {
      this.#trying = null;
    });
    await this.#trying;
  }

  /** Resolves when nothing is written any more. */
  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#stopped = true;
    await Promise.allSettled([this.#making, this.#trying]);
  }

  #make(): void {
    if (this.#isFull) return;
    const { reserve, log } = this.#ports;
    this.#making = reserve.make().then(
      (isMade) => isMade || log.warn({}, "there is no room to reserve for a full disk"),
      (error: unknown) => log.warn({ err: error }, "no room could be reserved for a full disk"),
    );
  }

  async #try(): Promise<void> {
    const { reserve, emptyLog, probe, log } = this.#ports;
    emptyLog();
    await probe();
    if (!reserve.hasRoom || !(await reserve.make())) throw new StoreFull();
    this.#isFull = false;
    log.warn({}, "there is room on the disk of the data directory again: runs are accepted");
  }

  #lookLater(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), LOOK_MS).unref();
  }

  async #look(): Promise<void> {
    await this.tryAgain().catch(() => undefined);
    if (this.#isFull && !this.#stopped) this.#lookLater();
  }
}
