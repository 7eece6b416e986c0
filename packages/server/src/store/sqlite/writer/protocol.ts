import type { MessagePort } from "node:worker_threads";
import type { ErrorMessage } from "#store/errors";
import type { Verb } from "#store/sqlite/writer/verbs";

// What passes between the thread that answers requests and the one that writes. A message carries everything of one turn of the event
// loop: a message each would cost more than what it holds.

/** A verb, roughly the bytes that it writes, and its arguments. */
export type OperationMessage = readonly [verb: Verb, bytes: number, ...args: readonly unknown[]];

export type ToWriter =
  | { readonly do: "operations"; readonly operations: readonly OperationMessage[] }
  /** Damage was found elsewhere: nothing may be written any more. */
  | { readonly do: "fail"; readonly error: ErrorMessage }
  /** Copy the log and cut its file to nothing, as far as that goes without waiting. */
  | { readonly do: "empty log" }
  /** Give back what the start has left in the thread's memory. */
  | { readonly do: "forget start" }
  /** Write what waits, copy the log, close the database. */
  | { readonly do: "close" };

export type OutcomeMessage = { readonly value: unknown } | { readonly error: ErrorMessage };

export type FromWriter =
  | { readonly is: "ready" }
  /** Of the oldest operations that are not settled yet, in order: outcomes, or how many succeeded without a value. */
  | { readonly is: "settled"; readonly outcomes: number | readonly OutcomeMessage[] }
  | { readonly is: "fatal"; readonly error: ErrorMessage }
  | { readonly is: "warning"; readonly message: string; readonly fields: { readonly [name: string]: unknown } }
  | { readonly is: "closed" };

/** What a thread is started for. */
export interface ThreadTask {
  /** Path of the database. */
  readonly database: string;
  readonly task: "write" | "copy";
  /** The end of the one that writes. */
  readonly channel?: MessagePort;
  /** The log is copied from here on, where that is less than it would be anyway. */
  readonly logBytes?: number;
  /** Of WriterFigures. */
  readonly figures?: SharedArrayBuffer;
}

/** One end of a channel, as MessagePort and Worker have it. */
export interface Channel<Sent, Received> {
  postMessage(message: Sent): void;
  on(event: "message", listener: (message: Received) => void): unknown;
  /** A message that has come already, before its turn. */
  take?(): Received | undefined;
}
