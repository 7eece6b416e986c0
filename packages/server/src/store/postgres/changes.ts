import { randomUUID } from "node:crypto";
import pg, { type Client, type Pool } from "pg";
import type { Logger } from "#log";
import type { Change } from "#store/store";

const CHANNEL = "millrace_changes";

/** Before a connection that broke is made anew, in ms. */
const RECONNECT_MS = 1_000;

export interface ChangesPorts {
  readonly url: string;
  /** Tells other processes. */
  readonly pool: Pool;
  readonly log: Pick<Logger, "warn" | "error">;
}

/** What changed, told to whoever listens in this process, at once, and in every other one. */
export class Changes {
  readonly #ports: ChangesPorts;
  readonly #process = randomUUID();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #telling = new Set<Promise<void>>();
  #client: Client | null = null;
  #again: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(ports: ChangesPorts) {
    this.#ports = ports;
  }

  /** Resolves when what other processes tell is heard. */
  async begin(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#ports.url, application_name: "millrace", keepAlive: true });
    client.on("notification", ({ payload = "" }) => this.#hear(payload));
    client.on("error", (error) => this.#broke(client, error));
    client.on("end", () => this.#broke(client, null));
    this.#client = client;
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(change: Change): void {
    this.#pass(change);
    const telling = this.#tellOthers(change).finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#again) clearTimeout(this.#again);
    await Promise.all(this.#telling);
    await this.#client?.end();
  }

  async #tellOthers(change: Change): Promise<void> {
    try {
      await this.#ports.pool.query("SELECT pg_notify($1, $2)", [CHANNEL, JSON.stringify([this.#process, change])]);
    } catch (error) {
      this.#ports.log.warn({ err: error, change }, "other processes could not be told of a change");
    }
  }

  #hear(payload: string): void {
    const [process, change] = JSON.parse(payload) as [string, Change];
    if (process !== this.#process) this.#pass(change);
  }

  #pass(change: Change): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        // The change is durable, and its writer is not to blame for who listens.
        this.#ports.log.error({ err: error, change }, "a listener to changes of the store failed");
      }
    }
  }

  #broke(client: Client, error: Error | null): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = null;
    this.#ports.log.warn({ err: error }, "the connection that hears of changes broke; it is made anew");
    void client.end().catch(() => undefined);
    this.#retry();
  }

  #retry(): void {
    this.#again = setTimeout(() => {
      this.begin().catch((error: unknown) => {
        this.#client = null;
        this.#ports.log.warn({ err: error }, "changes that other processes make are not heard");
        if (!this.#closed) this.#retry();
      });
    }, RECONNECT_MS);
  }
}
