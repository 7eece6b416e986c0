import type { DatabaseSync } from "node:sqlite";
import { forgetStart } from "#heap";
import { packError, unpackError } from "#store/errors";
import { storeError } from "#store/sqlite/failure";
import { CHECKPOINT_LIMITS, type CheckpointEvents, Checkpoints } from "#store/sqlite/writer/checkpoints";
import { Committer, type Outcome } from "#store/sqlite/writer/committer";
import type { WriterFigures } from "#store/sqlite/writer/figures";
import type { LogCopier } from "#store/sqlite/writer/log-copier";
import type { Channel, FromWriter, OperationMessage, OutcomeMessage, ToWriter } from "#store/sqlite/writer/protocol";
import { createVerbs } from "#store/sqlite/writer/verbs";

/** Answers a channel's messages from the one connection that writes, until it is told to close. Without a copier it copies the log itself. */
export function startWriteLoop(
  database: DatabaseSync,
  channel: Channel<FromWriter, ToWriter>,
  figures: WriterFigures,
  copier: LogCopier | null = null,
  logBytes = Number.POSITIVE_INFINITY,
): void {
  new WriteLoop(database, channel, figures, copier, logBytes).start();
}

type Call = (...args: readonly unknown[]) => unknown;

class WriteLoop {
  readonly #database: DatabaseSync;
  readonly #channel: Channel<FromWriter, ToWriter>;
  readonly #committer: Committer;
  readonly #checkpoints: Checkpoints;
  readonly #verbs: { readonly [verb: string]: unknown };
  #outcomes: Outcome[] = [];
  #closing = false;

  constructor(
    database: DatabaseSync,
    channel: Channel<FromWriter, ToWriter>,
    figures: WriterFigures,
    copier: LogCopier | null,
    logBytes: number,
  ) {
    this.#database = database;
    this.#channel = channel;
    this.#verbs = createVerbs(database);
    const limits = { ...CHECKPOINT_LIMITS, passiveBytes: Math.min(CHECKPOINT_LIMITS.passiveBytes, logBytes) };
    const events: CheckpointEvents = {
      warn: (fields, message) => channel.postMessage({ is: "warning", message, fields }),
      failed: (error) => this.#fail(error),
      measured: (bytes) => {
        figures.logBytes = bytes;
      },
      copied: (ms) => figures.checkpointed(ms),
    };
    this.#checkpoints = new Checkpoints(database, copier, events, limits);
    this.#committer = new Committer(database, {
      turned: () => this.#turned(),
      committed: (operations, ms) => figures.committed(operations, ms),
      fatal: (error) => channel.postMessage({ is: "fatal", error: packError(error) }),
    });
  }

  start(): void {
    this.#channel.on("message", (message) => this.#receive(message));
    this.#channel.postMessage({ is: "ready" });
  }

  #receive(message: ToWriter): void {
    switch (message.do) {
      case "operations":
        for (const operation of message.operations) this.#add(operation);
        break;
      case "fail":
        this.#committer.fail(unpackError(message.error));
        break;
      case "empty log":
        if (!this.#committer.failure) this.#checkpoints.empty();
        break;
      case "forget start":
        forgetStart((fields, message) => this.#channel.postMessage({ is: "warning", message, fields }));
        break;
      case "close":
        this.#closing = true;
        if (this.#committer.isIdle) void this.#close();
        break;
      default:
        message satisfies never;
    }
  }

  #add([verb, bytes, ...args]: OperationMessage): void {
    const call = this.#verbs[verb] as Call;
    this.#committer.add({ run: () => call(...args), bytes, settle: (outcome) => void this.#outcomes.push(outcome) });
  }

  #turned(): void {
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    this.#channel.postMessage({ is: "settled", outcomes: packOutcomes(outcomes) });
    if (this.#closing && this.#committer.isIdle) void this.#close();
    else if (!this.#committer.failure) this.#checkpoints.afterBatch();
  }

  #fail(thrown: unknown): void {
    const error = storeError(thrown);
    this.#committer.fail(error instanceof Error ? error : new Error(String(error)));
  }

  async #close(): Promise<void> {
    await this.#checkpoints.stop();
    // After a failure what is on the disk is for the next start to find out.
    if (!this.#committer.failure) this.#checkpoints.finish();
    this.#database.close();
    this.#channel.postMessage({ is: "closed" });
  }
}

/** Nearly all succeed, and nearly all of those have nothing to say. */
function packOutcomes(outcomes: readonly Outcome[]): number | readonly OutcomeMessage[] {
  if (outcomes.every((outcome) => "value" in outcome && outcome.value === undefined)) return outcomes.length;
  return outcomes.map((outcome) => ("value" in outcome ? outcome : { error: packError(outcome.error) }));
}
