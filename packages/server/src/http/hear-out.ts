import type { IncomingMessage } from "node:http";
import type { Clock } from "#clock";

/** Most of an unwanted body that is taken, and how long it may take. */
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_MS = 2_000;

/**
 * Takes the rest of a body that nobody wants, then calls back: where the connection ended while its caller still sends, the answer would be
 * lost on the way. Whoever goes on and on is not heard out.
 */
export function hearOut(message: IncomingMessage, clock: Pick<Clock, "now" | "at">, done: () => void): void {
  let bytes = 0;
  const stop = (): void => {
    stopTimer();
    message.off("data", count).off("end", stop).off("close", stop);
    done();
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) stop();
  };
  const stopTimer = clock.at(clock.now() + MOST_MS, stop);
  message.on("data", count).once("end", stop).once("close", stop);
}
