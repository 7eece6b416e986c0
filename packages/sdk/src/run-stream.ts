import { type EventsOptions, followRun } from "#events";
import { choosing, RunHandle } from "#run-handle";
import type { TransportOptions } from "#transport";
import type { JsonObject, NodeDeltaEvent, RunEvent } from "#wire";

/**
 * A run that is followed. Iterated, it gives the events of the run up to its end, each once, over as many connections as it takes; between
 * them `node.delta`, as far as it is heard. Iterated again, it goes on after the last event that was given.
 */
export class RunStream<Output = JsonObject> extends RunHandle<Output> implements AsyncIterable<RunEvent> {
  readonly #transport: TransportOptions;
  readonly #workflow: string | undefined;
  readonly #signal: AbortSignal | undefined;
  #lastEventId: number | undefined;

  constructor(transport: TransportOptions, workflowRunId: string, workflow: string | undefined, { after, signal }: EventsOptions) {
    super(transport, workflowRunId, workflow);
    this.#transport = transport;
    this.#workflow = workflow;
    this.#signal = signal;
    this.#lastEventId = after;
  }

  /** Of the last event that was given and is kept: with it another process goes on from here. undefined: none yet. */
  get lastEventId(): number | undefined {
    return this.#lastEventId;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent> {
    const after = this.#lastEventId;
    const options = { ...(after !== undefined && { after }), ...(this.#signal && { signal: this.#signal }) };
    for await (const event of followRun(this.#transport, this.workflowRunId, choosing(this.#workflow), options)) {
      this.#lastEventId = event.id ?? this.#lastEventId;
      yield event;
    }
  }

  /** Only what models write: each piece with its node, attempt and channel. A piece of another attempt begins its node's text anew. */
  async *deltas(): AsyncGenerator<NodeDeltaEvent> {
    for await (const event of this) if (event.event === "node.delta") yield event.data;
  }
}
