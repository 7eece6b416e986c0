import type { DatabaseSync } from "node:sqlite";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { WriterFigures } from "#store/sqlite/writer/figures";
import type { Channel, FromWriter, ToWriter } from "#store/sqlite/writer/protocol";
import { startWriteLoop } from "#store/sqlite/writer/write-loop";

export interface LocalWriteLoop {
  readonly channel: Required<Channel<ToWriter, FromWriter>>;
  /** The test's process ends only after this. */
  close(): void;
}

/** A write loop that runs in this thread, so that a test has hold of the connection that writes. */
export function startLocalWriteLoop(database: DatabaseSync, figures = new WriterFigures(), logBytes?: number): LocalWriteLoop {
  const { port1, port2 } = new MessageChannel();
  startWriteLoop(database, port2, figures, null, logBytes);
  return {
    channel: {
      postMessage: (message) => port1.postMessage(message),
      on: (event, listener) => port1.on(event, listener),
      take: () => receiveMessageOnPort(port1)?.message as FromWriter | undefined,
    },
    close: () => port1.close(),
  };
}
