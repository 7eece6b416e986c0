import pg, { type Client } from "pg";
import type { Logger } from "#log";
import type { Duties } from "#store/duties";
import { LEASE_MS, RENEW_MS } from "#store/lease";

/** "LEAD" as a number: the lock that one process at a time holds, for as long as its connection lives. */
const LOCK = 0x4c454144;

/** Between two tries to become the one, and before a connection that broke is made anew, in ms. */
const RETRY_MS = 1_000;

export interface LeadershipPorts {
  readonly url: string;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
}

/**
 * Which process sees to what is to be done once. It is the one whose connection has the lock: when it dies, the database notices, and another
 * one gets it; when it is frozen, the database ends the connection that has not stirred for a lease. One that loses its connection ends its
 * duties before it tries again.
 */
export class Leadership {
  readonly #ports: LeadershipPorts;
  readonly #duties: Duties;
  #client: Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #leads = false;
  #closed = false;
  /** Beginnings and ends, one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(ports: LeadershipPorts, duties: Duties) {
    this.#ports = ports;
    this.#duties = duties;
  }

  /** Resolves when the first try is over. */
  begin(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#try());
    return this.#turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#turn;
    await this.#end();
    // The lock goes with the connection: not before the duties have ended.
    await this.#client?.end().catch(() => undefined);
  }

  async #try(): Promise<void> {
    try {
      this.#client ??= await this.#connect();
      const { rows } = await this.#client.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1) AS got", [LOCK]);
      if (rows[0]?.got !== true) return this.#later();
      this.#leads = true;
      this.#pulse(this.#client);
      await this.#duties.begin();
      this.#ports.log.info({}, "this process sees to webhooks, schedules, jobs, documents and retention");
    } catch (error) {
      this.#ports.log.warn({ err: error }, "the database cannot be asked who sees to webhooks and schedules; it is tried again");
      this.#later();
    }
  }

  async #connect(): Promise<Client> {
    const client = new pg.Client({ connectionString: this.#ports.url, application_name: "millrace duties", keepAlive: true });
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    await client.connect();
    await client.query(`SET idle_session_timeout = ${LEASE_MS}`);
    return client;
  }

  /** The connection that has the lock is kept from looking idle. */
  #pulse(client: Client): void {
    const timer = setInterval(() => {
      if (this.#client !== client) clearInterval(timer);
      // One that is broken says so itself.
      else client.query("SELECT 1").catch(() => undefined);
    }, RENEW_MS).unref();
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    if (this.#closed) return;
    this.#ports.log.warn({}, "the connection that says who sees to webhooks and schedules broke");
    this.#turn = this.#turn.then(() => this.#end());
    this.#later();
  }

  async #end(): Promise<void> {
    if (!this.#leads) return;
    this.#leads = false;
    await this.#duties.end().catch((error: unknown) => this.#ports.log.error({ err: error }, "duties could not be ended"));
  }

  #later(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void this.begin(), RETRY_MS).unref();
  }
}
