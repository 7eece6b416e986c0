import { failpoint } from "#failpoint";
import type { Logger } from "#log";
import { isPassing, StoreClosed } from "#store/errors";
import type { Store } from "#store/store";
import type { DeliveryRow, WebhookStore } from "#store/webhook-store";
import { type Attempted, type DeliverPorts, deliver } from "#webhooks/deliver";
import { MAX_PER_LANE, UnderWay } from "#webhooks/under-way";

// Takes what is due from the store and attempts it. Invariants:
// W1. A delivery is due in the store until the outcome of its attempt is durable: a death in between repeats the attempt, under the same id.
// W2. No delivery is attempted twice at once, nor by what the store told of it before its attempt ended.
// W3. A receiver that does not answer holds its own places only, and never all there are, however many workflows call it.

/** Wait before another try of what the store could not do. */
const STORE_RETRY_MS = 1_000;

export interface DispatcherPorts extends DeliverPorts {
  readonly webhooks: Pick<WebhookStore, "dueLanes" | "due" | "nextDueAt" | "record">;
  readonly watch: Store["watch"];
  readonly log: Pick<Logger, "error">;
}

export class Dispatcher {
  readonly #ports: DispatcherPorts;
  #closing = new AbortController();
  readonly #underWay = new UnderWay();
  #look: Promise<void> | null = null;
  #again = false;
  #disarm = (): void => undefined;
  #unwatch = (): void => undefined;

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
  }

  /** Goes on with what an earlier life left due, and with whatever falls due from now on. */
  start(): void {
    this.#closing = new AbortController();
    this.#unwatch = this.#ports.watch(({ kind }) => kind === "delivery" && this.#wake());
    this.#wake();
  }

  /** Attempts under way are given up and will be repeated; resolves when nothing is sent or written any more. */
  async close(): Promise<void> {
    this.#unwatch();
    this.#closing.abort(new Error("the server is shutting down"));
    this.#disarm();
    await this.#look;
    await this.#underWay.ended();
  }

  /** However often it is called, one look is under way and one more waits. */
  #wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#again = true;
    this.#look ??= this.#lookAgain().finally(() => {
      this.#look = null;
      // Between the last look and here it may have been called once more.
      if (this.#again) this.#wake();
    });
  }

  async #lookAgain(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      // What else comes in this turn is seen with it: the attempts of one commit end together.
      await new Promise<void>((resolve) => this.#ports.clock.soon(resolve));
      this.#again = false;
      try {
        await this.#takeDue();
      } catch (error) {
        this.#storeFailed(error);
      }
    }
  }

  async #takeDue(): Promise<void> {
    const { webhooks, clock } = this.#ports;
    const now = clock.now();
    // When one of them ends, it is looked again.
    const lanes = this.#underWay.isFull ? [] : await webhooks.dueLanes(now);
    for (const lane of lanes) if (this.#underWay.hasRoom(lane)) await this.#takeDueOf(lane, now);
    const next = await webhooks.nextDueAt(now);
    if (next !== null) this.#wakeAt(next);
  }

  async #takeDueOf(lane: string, now: number): Promise<void> {
    this.#underWay.ask();
    // Those under way are still due, and are among the first of their lane.
    for (const delivery of await this.#ports.webhooks.due(lane, now, 2 * MAX_PER_LANE)) {
      const isFree = this.#underWay.hasRoom(lane) && !this.#underWay.has(keyOf(delivery));
      if (isFree && !this.#closing.signal.aborted) this.#begin(delivery);
    }
  }

  #begin(delivery: DeliveryRow): void {
    const key = keyOf(delivery);
    const done = this.#attempt(delivery).then(
      () => {
        this.#underWay.delete(key);
        this.#wake();
      },
      // What it came to is unknown to the store, so it is left to the next life of the server.
      (error: unknown) => this.#lost(delivery, error),
    );
    this.#underWay.add(key, delivery.lane, done);
  }

  async #attempt(delivery: DeliveryRow): Promise<void> {
    const attempted = await deliver(this.#ports, delivery, this.#closing.signal);
    failpoint("webhook.afterSend.beforeRecord");
    await this.#record(delivery, attempted);
    failpoint("webhook.afterRecord");
  }

  /** What was sent is not sent again because the disk was full for a moment: it is recorded once it can be. */
  async #record(delivery: DeliveryRow, { attempt, outcome }: Attempted): Promise<void> {
    for (;;) {
      try {
        return await this.#ports.webhooks.record(delivery, attempt, outcome);
      } catch (error) {
        if (!isPassing(error)) throw error;
        await this.#pause();
      }
    }
  }

  /** Rejects when the server shuts down meanwhile. */
  #pause(): Promise<void> {
    const { clock } = this.#ports;
    const { signal } = this.#closing;
    return new Promise((resolve, reject) => {
      const stop = clock.at(clock.now() + STORE_RETRY_MS, resolve);
      signal.addEventListener("abort", () => {
        stop();
        reject(signal.reason);
      });
    });
  }

  #wakeAt(at: number): void {
    this.#disarm();
    if (!this.#closing.signal.aborted) this.#disarm = this.#ports.clock.at(at, () => this.#wake());
  }

  #storeFailed(error: unknown): void {
    if (error instanceof StoreClosed) return;
    this.#ports.log.error({ err: error }, "due webhooks cannot be read");
    this.#wakeAt(this.#ports.clock.now() + STORE_RETRY_MS);
  }

  #lost({ runId, ordinal }: DeliveryRow, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#ports.log.error({ err: error, workflowRunId: runId, webhook: ordinal }, "a webhook could not be attempted or recorded");
  }
}

function keyOf({ tenantId, runId, ordinal }: DeliveryRow): string {
  return `${tenantId} ${runId} ${ordinal}`;
}
