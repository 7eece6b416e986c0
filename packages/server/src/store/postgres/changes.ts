import { randomUUID } from "node:crypto";
import pg, { type Client, type Pool } from "pg";
import type { Logger } from "#log";
import { Hearing } from "#store/postgres/hearing";
import type { Shown, Word, WordKind } from "#store/shared-store";
import type { Change } from "#store/store";

const CHANNEL = "millrace_changes";

/** How often the connection that listens is asked whether it is there: one that broke unnoticed would be silent for ever. */
const PULSE_MS = 5_000;

/** Before a connection that broke is made anew, in ms; as long as it is not there, whoever listens looks for himself this often. */
const RECONNECT_MS = 1_000;

/** Waited for a connection or its pulse, in ms. */
const PATIENCE_MS = 5_000;

/** Bytes of the ids in one notification, as JSON; with whatever else it says it is short of 8,000. */
const IDS_TOGETHER = 7_000;

/** What is told: that something in the database changed, that this was heard, words for which nothing there has, or what is kept nowhere. */
type Told = Change | Heard | readonly [WordKind, ...ids: readonly string[]] | { readonly shown: Shown };

/** What that process told under that number. */
interface Heard {
  readonly heard: readonly [process: string, number: number];
}

interface Untold {
  readonly told: Told;
  readonly number: number;
  /** Somebody waits until everybody has heard it. */
  readonly isAwaited: boolean;
}

const NAME = "millrace changes";

// In their order. Of equal notifications of one transaction the database sends one: each has a number.
const TELL = "SELECT pg_notify($1, told) FROM unnest(CAST($2 AS TEXT[])) AS told";
/** The connections that hear it. */
const COUNT = `SELECT count(*) AS hearers FROM pg_stat_activity WHERE datname = current_database() AND application_name = '${NAME}'`;

/** Notifications in one statement: at most a megabyte. */
const TOLD_TOGETHER = 128;

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
  readonly #viewers = new Set<(shown: Shown) => void>();
  readonly #hearing = new Hearing();
  #untold: Untold[] = [];
  #numbers = 0;
  /** Of everything that was to be told so far. */
  #telling = Promise.resolve();
  /** To be said, once for everything that this turn of the event loop brings. */
  readonly #words = new Map<WordKind, Set<string>>();
  #client: Client | null = null;
  /** Since when the connection has stood, as of performance.now(). */
  #since = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(ports: ChangesPorts) {
    this.#ports = ports;
  }

  /** Resolves when what other processes tell is heard. */
  async begin(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#ports.url,
      application_name: NAME,
      keepAlive: true,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    client.on("notification", ({ payload = "" }) => this.#hear(payload));
    client.on("error", (error) => this.#broke(client, error));
    client.on("end", () => this.#broke(client, null));
    this.#client = client;
    await client.connect();
    this.#since = performance.now();
    await client.query(`LISTEN ${CHANNEL}`);
    this.#after(PULSE_MS, () => this.#feelPulse(client));
  }

  /** Since when the connection that hears has stood, as of performance.now(), where it answers even now; Infinity: it does not. */
  async witness(): Promise<number> {
    const client = this.#client;
    const since = this.#since;
    const answers = await client?.query("SELECT 1").catch(() => undefined);
    return answers && this.#client === client ? since : Number.POSITIVE_INFINITY;
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(change: Change): void {
    this.#pass(change);
    this.#send(change);
  }

  /** The same; resolves when every process has heard it. */
  async tellEverybody(change: Change): Promise<void> {
    this.#pass(change);
    const number = this.#send(change, true);
    if (number !== null) await this.#hearing.all(number);
  }

  hear(hearer: (word: Word) => void): () => void {
    this.#hearers.add(hearer);
    return () => void this.#hearers.delete(hearer);
  }

  look(viewer: (shown: Shown) => void): () => void {
    this.#viewers.add(viewer);
    return () => void this.#viewers.delete(viewer);
  }

  show(shown: Shown): void {
    this.#send({ shown });
  }

  told(): Promise<void> {
    this.#sayAll();
    return this.#telling;
  }

  /** Of one connection the database answers in order: what was told before comes before this answer. */
  async caughtUp(): Promise<void> {
    await this.witness();
  }

  say({ kind, id }: Word): void {
    if (this.#words.size === 0) setImmediate(() => this.#sayAll());
    const ids = this.#words.get(kind) ?? new Set();
    this.#words.set(kind, ids.add(id));
  }

  #sayAll(): void {
    for (const [kind, said] of this.#words) for (const ids of inPieces(said)) this.#send([kind, ...ids]);
    this.#words.clear();
  }

  /** Its number; null: nothing is told any more. */
  #send(told: Told, isAwaited = false): number | null {
    if (this.#closed) return null;
    this.#numbers += 1;
    this.#untold.push({ told, number: this.#numbers, isAwaited });
    if (this.#untold.length === 1) this.#telling = this.#telling.then(() => this.#tellAll());
    return this.#numbers;
  }

  async close(): Promise<void> {
    const told = this.told();
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await told;
    await this.#client?.end();
  }

  /** One statement at a time: what is told is heard in this order. */
  async #tellAll(): Promise<void> {
    const all = this.#untold;
    this.#untold = [];
    for (let at = 0; at < all.length; at += TOLD_TOGETHER) await this.#tellOthers(all.slice(at, at + TOLD_TOGETHER));
  }

  async #tellOthers(all: readonly Untold[]): Promise<void> {
    try {
      const payloads = all.map(({ told, number, isAwaited }) => JSON.stringify([this.#process, told, number, isAwaited]));
      await this.#ports.pool.query(TELL, [CHANNEL, payloads]);
      const awaited = all.filter(({ isAwaited }) => isAwaited);
      if (awaited.length > 0) await this.#countHearers(awaited.map(({ number }) => number));
    } catch (error) {
      // What attempts show is said in no log.
      const told = all.map(({ told: one }) => ("shown" in one ? one.shown.runId : one));
      this.#ports.log.warn({ err: error, told }, "other processes could not be told of a change");
    }
  }

  async #countHearers(numbers: readonly number[]): Promise<void> {
    const { rows } = await this.#ports.pool.query<{ hearers: number }>(COUNT);
    const others = (rows[0]?.hearers ?? 0) - (this.#client ? 1 : 0);
    for (const number of numbers) this.#hearing.told(number, others);
  }

  #hear(payload: string): void {
    const [process, told, number, isAwaited] = JSON.parse(payload) as [string, Told, number, boolean];
    if (process === this.#process) return;
    if ("kind" in told) this.#pass(told);
    else if ("heard" in told) this.#heardOf(told);
    else if ("shown" in told) this.#call(this.#viewers, told.shown);
    else for (const id of told.slice(1)) this.#call(this.#hearers, { kind: told[0], id });
    if (isAwaited) this.#send({ heard: [process, number] });
  }

  #heardOf({ heard: [process, number] }: Heard): void {
    if (process === this.#process) this.#hearing.heard(number);
  }

  #pass(change: Change): void {
    this.#call(this.#listeners, change);
  }

  #call<T extends Word | Change | Shown>(listeners: ReadonlySet<(told: T) => void>, told: T): void {
    for (const listener of listeners) {
      try {
        listener(told);
      } catch (error) {
        // What was told is so, and its teller is not to blame for who listens.
        this.#ports.log.error({ err: error }, "a listener to changes of the store failed");
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

/** As many as one notification has room for; one id has it in any case. */
function inPieces(ids: Iterable<string>): readonly (readonly string[])[] {
  const pieces: string[][] = [];
  let room = 0;
  for (const id of ids) {
    const length = Buffer.byteLength(JSON.stringify(id)) + 1;
    room -= length;
    if (room < 0) {
      pieces.push([]);
      room = IDS_TOGETHER - length;
    }
    pieces.at(-1)?.push(id);
  }
  return pieces;
}
