import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../packages/server/src/clock.ts";
import { openPostgresStore } from "../../packages/server/src/store/postgres/open.ts";
import { newDatabase } from "../../packages/server/src/store/postgres/testing/fixture.ts";
import type { Store } from "../../packages/server/src/store/store.ts";
import { type PostgresServer, startPostgres } from "../../packages/server/src/testing/database-servers.ts";
import { type EffectServer, startEffectServer } from "../crash/effect-server.ts";
import { ADMIN_KEY, type Millrace, startMillrace } from "../promises/harness/millrace.ts";
import type { Loaded } from "./load-runs.ts";
import { RoundRobin } from "./round-robin.ts";

/** What is done outside takes a moment. */
const EFFECT_MS = 5;

/** Between the end of a life and the next one, as systemd and Kubernetes do it. */
const RESTART_MS = 500;

const MOST_RESTARTS = 60;

/** A balancer asks each process whether it is ready, so often. */
const HEALTH_CHECK_MS = 100;

interface Parts {
  readonly postgres: PostgresServer;
  readonly effects: EffectServer;
  readonly store: Store;
  readonly databaseUrl: string;
}

/** Processes on one PostgreSQL that answer and drive alike, a client that asks them in turn, and what their runs call. */
export class Several implements Loaded {
  readonly postgres: PostgresServer;
  readonly effects: EffectServer;
  readonly store: Store;
  readonly processes: Millrace[] = [];
  /** Those that are gone as well. */
  readonly everyone: Millrace[] = [];
  readonly api = new RoundRobin(() => this.#asked.map(({ port }) => port));
  readonly #databaseUrl: string;
  readonly #secretKey = randomBytes(32).toString("base64");
  readonly #dataDir = mkdtempSync(join(tmpdir(), "millrace-scale-"));
  readonly #left = new Set<Millrace>();

  private constructor({ postgres, effects, store, databaseUrl }: Parts) {
    this.postgres = postgres;
    this.effects = effects;
    this.store = store;
    this.#databaseUrl = databaseUrl;
  }

  static async open(count: number): Promise<Several> {
    const [postgres, effects] = await Promise.all([startPostgres(), startEffectServer(EFFECT_MS)]);
    const databaseUrl = newDatabase(postgres);
    const store = await openPostgresStore({ url: databaseUrl, owner: "scale", clock: systemClock, connections: 2 });
    const several = new Several({ postgres, effects, store, databaseUrl });
    try {
      for (let index = 0; index < count; index++) several.processes.push(await several.start());
    } catch (error) {
      await several.close();
      throw error;
    }
    return several;
  }

  /** One more, not among `processes` yet. */
  async start(): Promise<Millrace> {
    const { PATH = "" } = process.env;
    const started = await startMillrace({
      PATH,
      MILLRACE_DATA_DIR: this.#dataDir,
      MILLRACE_DATABASE_URL: this.#databaseUrl,
      MILLRACE_SECRET_KEY: this.#secretKey,
      MILLRACE_ADMIN_KEY: ADMIN_KEY,
      MILLRACE_EGRESS_ALLOW: "127.0.0.1",
    });
    this.everyone.push(started);
    return started;
  }

  /** Dies at once; another one takes its place. */
  async replace(index: number): Promise<void> {
    await this.at(index).end("SIGKILL");
    this.processes[index] = await this.start();
  }

  /** As a supervisor would that starts it again and again. Resolves with how many lives ended before it was ready. */
  async restart(index: number): Promise<number> {
    for (let ended = 0; ; ended++) {
      try {
        this.processes[index] = await this.start();
        return ended;
      } catch (error) {
        if (ended === MOST_RESTARTS) throw error;
        await pause(RESTART_MS);
      }
    }
  }

  at(index: number): Millrace {
    const one = this.processes[index];
    if (!one) throw new Error(`there is no process ${index}`);
    return one;
  }

  /** As its health check would say: it is asked nothing more. */
  leaveOut(one: Millrace): void {
    this.#left.add(one);
  }

  /** As a health check sees it: from when the process says that it goes, it is asked nothing more. */
  async noticeGoing(one: Millrace): Promise<void> {
    const isReady = () =>
      one.call("GET", "/readyz").then(
        ({ status }) => status === 200,
        () => false,
      );
    while (await isReady()) await pause(HEALTH_CHECK_MS);
    this.leaveOut(one);
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.end("SIGKILL")));
    await this.store.close();
    await Promise.all([this.postgres.close(), this.effects.close()]);
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  get #asked(): readonly Millrace[] {
    return this.processes.filter((one) => !this.#left.has(one));
  }
}

/** So many processes for as long as `use` takes. */
export async function withSeveral(count: number, use: (several: Several) => Promise<boolean>): Promise<boolean> {
  const several = await Several.open(count);
  try {
    return await use(several);
  } finally {
    await several.close();
  }
}
