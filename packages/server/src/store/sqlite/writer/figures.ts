import type { StoreFigures } from "#store/store";

const NAMES = [
  "batches",
  "operations",
  "commitSeconds",
  "checkpoints",
  "checkpointSeconds",
  "logBytes",
] as const satisfies readonly (keyof StoreFigures)[];

/** Counted by the thread that writes, read by the others: shared memory, so that counting sends nothing. */
export class WriterFigures {
  readonly shared: SharedArrayBuffer;
  readonly #values: Float64Array;

  constructor(shared = new SharedArrayBuffer(NAMES.length * Float64Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#values = new Float64Array(shared);
  }

  committed(operations: number, ms: number): void {
    this.#add("batches", 1);
    this.#add("operations", operations);
    this.#add("commitSeconds", ms / 1_000);
  }

  checkpointed(ms: number): void {
    this.#add("checkpoints", 1);
    this.#add("checkpointSeconds", ms / 1_000);
  }

  set logBytes(bytes: number) {
    this.#values[NAMES.indexOf("logBytes")] = bytes;
  }

  read(): StoreFigures {
    const of = (name: (typeof NAMES)[number]): number => this.#values[NAMES.indexOf(name)] ?? 0;
    return {
      batches: of("batches"),
      operations: of("operations"),
      commitSeconds: of("commitSeconds"),
      checkpoints: of("checkpoints"),
      checkpointSeconds: of("checkpointSeconds"),
      logBytes: of("logBytes"),
    };
  }

  #add(name: (typeof NAMES)[number], value: number): void {
    const at = NAMES.indexOf(name);
    this.#values[at] = (this.#values[at] ?? 0) + value;
  }
}
