import { packError, StoreClosed, StoreFailed, StoreFull, unpackError } from "#store/errors";
import type { Channel, FromWriter, OperationMessage, OutcomeMessage, ToWriter } from "#store/sqlite/writer/protocol";
import type { Verb, Verbs } from "#store/sqlite/writer/verbs";

export interface WriterEvents {
  /** The disk fails or the database is damaged: the process should end. */
  fatal(error: Error): void;
  warn(fields: object, message: string): void;
  /** An operation found the disk full, and wrote nothing. */
  full(): void;
}

/** So many are sent before the turn is over: the thread commits them while this one goes on answering requests. */
const EARLY_OPERATIONS = 32;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** The other end of the thread that writes. What one turn of the event loop asks for goes over in one message. */
export class Writer {
  readonly #channel: Channel<ToWriter, FromWriter>;
  readonly #events: WriterEvents;
  /** Asked for and not settled, in order. */
  readonly #waiting: Waiting[] = [];
  #next: OperationMessage[] = [];
  #stopped: Error | null = null;
  #failed = false;
  readonly #ready = Promise.withResolvers<void>();
  readonly #settled = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #closing: Promise<void> | null = null;
  #isReady = false;

  constructor(channel: Channel<ToWriter, FromWriter>, events: WriterEvents) {
    this.#channel = channel;
    this.#events = events;
    channel.on("message", (message) => this.#receive(message));
  }

  /** Resolves when the thread takes operations; rejects where it cannot open the database. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Why nothing can be written any more, or null. */
  get stopped(): Error | null {
    return this.#stopped;
  }

  /** The disk failed, or the database is damaged. */
  get hasFailed(): boolean {
    return this.#failed;
  }

  /** Resolves with the verb's result once what it wrote is durable. `bytes`: what it writes, roughly. */
  write<V extends Verb>(verb: V, args: Parameters<Verbs[V]>, bytes = 0): Promise<ReturnType<Verbs[V]>> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#next.push([verb, bytes, ...args]);
      if (this.#next.length === 1) setImmediate(() => this.#send());
      else if (this.#next.length === EARLY_OPERATIONS) this.#send();
    });
  }

  /** Gives the room of the write-ahead log back, as far as that goes. */
  emptyLog(): void {
    this.#channel.postMessage({ do: "empty log" });
  }

  forgetStart(): void {
    this.#channel.postMessage({ do: "forget start" });
  }

  /** Refuses what comes, and says that the process should end. */
  fail(error: Error): void {
    if (this.#failed) return;
    this.#channel.postMessage({ do: "fail", error: packError(error) });
    this.#fail(error);
  }

  /** The thread is gone: whether what waits was written is unknown. One that did not come up at all rejects `ready` and fails nothing else. */
  lost(error: Error): void {
    this.#ready.reject(error);
    this.#closed.resolve();
    const failure = new StoreFailed(error);
    if (this.#isReady) this.#fail(failure);
    this.#stopped ??= failure;
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
    this.#settled.resolve();
  }

  /** Resolves when all that was asked for is settled; refuses what comes from now on. */
  stop(): Promise<void> {
    this.#send();
    this.#stopped ??= new StoreClosed();
    if (this.#waiting.length === 0) this.#settled.resolve();
    return this.#settled.promise;
  }

  /** The same, and the database is closed. */
  async close(): Promise<void> {
    await this.stop();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #close(): Promise<void> {
    this.#channel.postMessage({ do: "close" });
    return this.#closed.promise;
  }

  #send(): void {
    if (this.#next.length === 0) return;
    this.#channel.postMessage({ do: "operations", operations: this.#next });
    this.#next = [];
    // What was settled meanwhile is answered now, and not after all that this turn brings: whoever waits for it goes on sooner.
    for (let message = this.#channel.take?.(); message; message = this.#channel.take?.()) this.#receive(message);
  }

  #receive(message: FromWriter): void {
    switch (message.is) {
      case "ready":
        this.#isReady = true;
        this.#ready.resolve();
        break;
      case "settled":
        this.#settle(message.outcomes);
        break;
      case "fatal":
        this.#fail(unpackError(message.error));
        break;
      case "warning":
        this.#events.warn(message.fields, message.message);
        break;
      case "closed":
        this.#closed.resolve();
        break;
      default:
        message satisfies never;
    }
  }

  #settle(outcomes: number | readonly OutcomeMessage[]): void {
    const count = typeof outcomes === "number" ? outcomes : outcomes.length;
    const waiting = this.#waiting.splice(0, count);
    for (const [index, one] of waiting.entries()) {
      const outcome = typeof outcomes === "number" ? undefined : outcomes[index];
      if (outcome && "error" in outcome) this.#reject(one, unpackError(outcome.error));
      else one.resolve(outcome?.value as never);
    }
    if (this.#stopped && this.#waiting.length === 0) this.#settled.resolve();
  }

  #reject({ reject }: Waiting, error: Error): void {
    if (error instanceof StoreFull) this.#events.full();
    reject(error);
  }

  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#stopped ??= error;
    this.#events.fatal(error);
  }
}
