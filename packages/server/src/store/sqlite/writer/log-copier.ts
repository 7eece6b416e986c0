import type { DatabaseSync } from "node:sqlite";
import type { Worker } from "node:worker_threads";
import { type ErrorMessage, packError, unpackError } from "#store/errors";
import { storeError } from "#store/sqlite/failure";
import type { Channel } from "#store/sqlite/writer/protocol";

// Copying the write-ahead log into the database takes 10 to 30 ms for 16 MiB, most of it waiting for the disk. Under load a thread of
// its own does that, while the one that writes goes on committing. What two connections may do at the same moment is the reason for
// MIN_SQLITE (pragmas.ts).

/** What is copied, or why it could not be. */
type Answer = { readonly copied: true } | { readonly error: ErrorMessage };

/** The thread's end: copies whenever it is told to. */
export function startCopying(database: DatabaseSync, channel: Channel<Answer, "copy">): void {
  const passive = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  channel.on("message", () => {
    try {
      passive.get();
      channel.postMessage({ copied: true });
    } catch (error) {
      channel.postMessage({ error: packError(storeError(error)) });
    }
  });
}

/** The other end. The thread is started when it is first needed: a server without load never has it. */
export class LogCopier {
  readonly #start: () => Worker;
  #worker: Worker | null = null;
  #copying: Promise<void> | null = null;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /** Resolves when all that was in the log at its start is in the database; rejects with the store's error. */
  copy(): Promise<void> {
    this.#copying ??= this.#copy().finally(() => {
      this.#copying = null;
    });
    return this.#copying;
  }

  /** Ends the thread; no copying is under way afterwards. */
  async stop(): Promise<void> {
    await this.#copying?.catch(() => undefined);
    await this.#worker?.terminate();
  }

  async #copy(): Promise<void> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const settle = (answer: Answer | Error): void => {
        worker.off("message", settle);
        worker.off("error", settle);
        if (answer instanceof Error) reject(answer);
        else if ("error" in answer) reject(unpackError(answer.error));
        else resolve();
      };
      worker.on("message", settle);
      worker.on("error", settle);
      worker.postMessage("copy");
    });
  }
}
