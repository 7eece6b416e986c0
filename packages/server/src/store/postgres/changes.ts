import { randomUUID } from "node:crypto";
import pg, { type Client, type Pool } from "pg";
import type { Logger } from "#log";
import type { Word, WordKind } from "#store/shared-store";
import type { Change } from "#store/store";

const CHANNEL = "millrace_changes";

/** How often the connection that listens is asked whether it is there: one that broke unnoticed would be silent for ever. */
const PULSE_MS = 5_000;

/** Before a connection that broke is made anew, in ms; as long as it is not there, whoever listens looks for himself this often. */
const RECONNECT_MS = 1_000;

/** Waited for a connection or its pulse, in ms. */
const PATIENCE_MS = 5_000;

/** Ids in one notification, which is short of 8,000 bytes. */
const IDS_TOGETHER = 150;

/** What is told: that something in the database changed, or words for which nothing there has. */
type Told = Change | readonly [WordKind, ...ids: readonly string[]];

const KINDS: { readonly [Kind in Change["kind"]]: true } = {
  ...{ workflow: true, key: true, delivery: true, schedule: true, job: true, budget: true, alert: true, knowledge: true },
};

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
  readonly #hearers = new Set<(word: Word) => void>();
  readonly #telling = new Set<Promise<void>>();
  /** To be said, once for everything that this turn of the event loop brings. */
  readonly #words = new Map<WordKind, Set<string>>();
  #client: Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(ports: ChangesPorts) {
    this.#ports = ports;
  }

  /** Resolves when what other processes tell is heard. */
  async begin(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#ports.url,
      application_name: "millrace changes",
      keepAlive: true,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    client.on("notification", ({ payload = "" }) => this.#hear(payload));
    client.on("error", (error) => this.#broke(client, error));
    client.on("end", () => this.#broke(client, null));
    this.#client = client;
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    this.#after(PULSE_MS, () => this.#feelPulse(client));
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(change: Change): void {
    this.#pass(change);
    this.#send(change);
  }

  hear(hearer: (word: Word) => void): () => void {
    this.#hearers.add(hearer);
    return () => void this.#hearers.delete(hearer);
  }

  say({ kind, id }: Word): void {
    if (this.#words.size === 0) setImmediate(() => this.#sayAll());
    const ids = this.#words.get(kind) ?? new Set();
    this.#words.set(kind, ids.add(id));
  }

  #sayAll(): void {
    for (const [kind, said] of this.#words) {
      const ids = [...said];
      while (ids.length > 0) this.#send([kind, ...ids.splice(0, IDS_TOGETHER)]);
    }
    this.#words.clear();
  }

  #send(told: Told): void {
    if (this.#closed) return;
    const telling = this.#tellOthers(told).finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }

  async close(): Promise<void> {
    this.#sayAll();
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await Promise.all(this.#telling);
    await this.#client?.end();
  }

  async #tellOthers(told: Told): Promise<void> {
    try {
      await this.#ports.pool.query("SELECT pg_notify($1, $2)", [CHANNEL, JSON.stringify([this.#process, told])]);
    } catch (error) {
      this.#ports.log.warn({ err: error, told }, "other processes could not be told of a change");
    }
  }

  #hear(payload: string): void {
    const [process, told] = JSON.parse(payload) as [string, Told];
    if (process === this.#process) return;
    if ("kind" in told) this.#pass(told);
    else for (const id of told.slice(1)) this.#call(this.#hearers, { kind: told[0], id });
  }

  #pass(change: Change): void {
    this.#call(this.#listeners, change);
  }

  #call<T extends Word | Change>(listeners: ReadonlySet<(told: T) => void>, told: T): void {
    for (const listener of listeners) {
      try {
        listener(told);
      } catch (error) {
        // What was told is so, and its teller is not to blame for who listens.
        this.#ports.log.error({ err: error, told }, "a listener to changes of the store failed");
      }
    }
  }

  /** Whatever may have been told meanwhile. */
  #passAll(): void {
    for (const kind of Object.keys(KINDS) as Change["kind"][]) this.#pass({ kind, id: "" });
  }

  /** In place of what was to be done before. */
  #after(ms: number, action: () => void): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(action, ms);
  }

  #feelPulse(client: Client): void {
    client.query("SELECT 1").then(
      () => this.#client === client && this.#after(PULSE_MS, () => this.#feelPulse(client)),
      (error: unknown) => this.#broke(client, error),
    );
  }

  #broke(client: Client, error: unknown): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = null;
    this.#ports.log.warn({ err: error }, "the connection that hears of changes broke; it is made anew");
    void client.end().catch(() => undefined);
    this.#retry();
  }

  #retry(): void {
    this.#after(RECONNECT_MS, () => {
      this.begin()
        .catch((error: unknown) => {
          this.#client = null;
          this.#ports.log.warn({ err: error }, "changes that other processes make are not heard");
          this.#retry();
        })
        .finally(() => this.#passAll());
    });
  }
}
