import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { inBundle } from "#bundle";
import type { WriterFigures } from "#store/sqlite/writer/figures";
import type { Channel, FromWriter, ThreadTask, ToWriter } from "#store/sqlite/writer/protocol";

/** The thread's program is a module of its own. */
const PROGRAM = inBundle("writer-thread.js") ?? new URL("./thread.ts", import.meta.url);

export interface WriterThread {
  readonly channel: Channel<ToWriter, FromWriter>;
  /** Told once where the thread ends by itself. */
  onLost(listener: (error: Error) => void): void;
  stop(): Promise<void>;
}

/** Starts the thread that writes the database, and copies the log from `logBytes` on; its first message says that it is ready. */
export function startWriterThread(database: string, { shared }: WriterFigures, logBytes: number): WriterThread {
  const { port1, port2 } = new MessageChannel();
  const workerData: ThreadTask = { database, task: "write", channel: port2, figures: shared, logBytes };
  const worker = new Worker(PROGRAM, { workerData, transferList: [port2] });
  let stopped = false;
  const lost = Promise.withResolvers<Error>();
  worker.once("error", (error) => lost.resolve(error instanceof Error ? error : new Error(String(error))));
  worker.once("exit", () => {
    // After an error this comes too late to matter.
    if (!stopped) lost.resolve(new Error("the thread that writes has ended"));
  });
  return {
    channel: {
      postMessage: (message) => port1.postMessage(message),
      on: (event, listener) => port1.on(event, listener),
      take: () => receiveMessageOnPort(port1)?.message as FromWriter | undefined,
    },
    onLost: (listener) => void lost.promise.then(listener),
    stop: async () => {
      stopped = true;
      await worker.terminate();
      port1.close();
    },
  };
}
