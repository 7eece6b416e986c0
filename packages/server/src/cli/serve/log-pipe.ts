import type { Writable } from "node:stream";

/** Log that waits for its reader; beyond it lines are dropped. */
export const MAX_BACKLOG_BYTES = 1_048_576;

/** A reader that has stopped reading keeps the end of the process no longer than this. */
const LAST_WORDS_MS = 1_000;

/**
 * Where log lines go. Whoever is to read them may be slow, stop reading or be gone: the server goes on, and keeps no more of the log than the
 * bound. (A pipe is written in the background: what is not read would otherwise gather without one.)
 */
export class LogPipe {
  readonly #stream: Writable;
  /** The line that tells how many were dropped. */
  readonly #gap: (lines: number) => string;
  #dropped = 0;
  #isGone = false;

  constructor(stream: Writable, gap: (lines: number) => string) {
    this.#stream = stream;
    this.#gap = gap;
    // Who reads data has read enough when it closes a pipe, and the command ends. Nobody ends a server by closing its log.
    stream.removeAllListeners("error");
    stream.on("error", () => {
      this.#isGone = true;
    });
    stream.on("drain", () => this.#tellDropped());
  }

  write(line: string): void {
    if (this.#isGone) return;
    if (this.#stream.writableLength + line.length <= MAX_BACKLOG_BYTES) this.#stream.write(line);
    else this.#dropped += 1;
  }

  /** Resolves with true when all of it was read, with false when nobody reads it. */
  end(): Promise<boolean> {
    if (this.#isGone) return Promise.resolve(false);
    return new Promise((resolve) => {
      setTimeout(() => resolve(false), LAST_WORDS_MS).unref();
      this.#stream.write("", (error) => resolve(!error));
    });
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const lines = this.#dropped;
    this.#dropped = 0;
    this.#stream.write(this.#gap(lines));
  }
}
