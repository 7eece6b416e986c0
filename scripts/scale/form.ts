import { randomBytes } from "node:crypto";
import { systemClock } from "../../packages/server/src/clock.ts";
import { openPostgresStore } from "../../packages/server/src/store/postgres/open.ts";
import { newDatabase } from "../../packages/server/src/store/postgres/testing/fixture.ts";
import type { Store } from "../../packages/server/src/store/store.ts";
import { type PostgresServer, startPostgres } from "../../packages/server/src/testing/database-servers.ts";
import { freePorts, type RestateServer, startRestate, startRestateCluster } from "../../packages/server/src/testing/restate-server.ts";
import { type EffectServer, startEffectServer } from "../crash/effect-server.ts";
import { ADMIN_KEY, type Millrace, startMillrace } from "../promises/harness/millrace.ts";
import type { Environment } from "../promises/harness/server-process.ts";
import { until } from "../promises/harness/until.ts";
import { type Balancer, startBalancer } from "./balancer.ts";

export interface FormOptions {
  /** Restate servers: one, or a cluster. */
  readonly nodes?: number;
  /** Processes that host runs. */
  readonly workers?: number;
  /** Of them, those that are started when the scenario says so, each with an address of its own: another deployment. */
  readonly later?: number;
  /** Of the Restate servers. */
  readonly engineSettings?: { readonly [variable: string]: string };
}

/** A stream of its own for each few runs: a balancer knows connections alone. */
const SPREAD = { RESTATE_WORKER__INVOKER__HTTP2_STREAMS_PER_CONNECTION_LIMIT: "8" };

/** What is done outside takes a moment. */
const EFFECT_MS = 5;

/** A process that answers, workers behind a balancer, their Restate and their PostgreSQL, and what the runs call: all on this machine. */
export class Form {
  readonly postgres: PostgresServer;
  readonly engine: readonly RestateServer[];
  readonly effects: EffectServer;
  readonly balancer: Balancer;
  readonly store: Store;
  readonly workers: Millrace[] = [];
  api!: Millrace;
  readonly #databaseUrl: string;
  readonly #secretKey = randomBytes(32).toString("base64");
  readonly #ports: readonly number[];
  readonly #isOneDeployment: boolean;

  private constructor(
    parts: Pick<Form, "postgres" | "engine" | "effects" | "balancer" | "store">,
    { databaseUrl, ports, isOneDeployment }: { databaseUrl: string; ports: readonly number[]; isOneDeployment: boolean },
  ) {
    ({ postgres: this.postgres, engine: this.engine, effects: this.effects, balancer: this.balancer, store: this.store } = parts);
    this.#databaseUrl = databaseUrl;
    this.#ports = ports;
    this.#isOneDeployment = isOneDeployment;
  }

  static async open({ nodes = 1, workers = 1, later = 0, engineSettings = {} }: FormOptions = {}): Promise<Form> {
    const settings = { ...SPREAD, ...engineSettings };
    const [postgres, engine, effects] = await Promise.all([
      startPostgres(),
      nodes === 1 ? startRestate(settings).then((one) => [one]) : startRestateCluster(nodes, settings),
      startEffectServer(EFFECT_MS),
    ]);
    const ports = await freePorts(workers);
    const databaseUrl = newDatabase(postgres);
    const store = await openPostgresStore({ url: databaseUrl, owner: "scale", clock: systemClock, connections: 2 });
    const parts = { postgres, engine, effects, balancer: await startBalancer(ports), store };
    const form = new Form(parts, { databaseUrl, ports, isOneDeployment: later === 0 });
    try {
      await form.#start(workers - later);
    } catch (error) {
      await form.close();
      throw error;
    }
    return form;
  }

  async #start(workers: number): Promise<void> {
    for (let index = 0; index < workers; index++) this.workers[index] = await this.startWorker(index);
    this.api = await startMillrace(this.environment("api"));
    await until("the engine to do what it is asked to", async () => (await this.api.call("GET", "/readyz")).status === 200, 60_000);
  }

  /** Of a process of this form. */
  environment(role: "api" | "worker", more: Environment = {}): Environment {
    const { PATH = "" } = process.env;
    return {
      PATH,
      MILLRACE_DATABASE_URL: this.#databaseUrl,
      MILLRACE_SECRET_KEY: this.#secretKey,
      MILLRACE_ADMIN_KEY: ADMIN_KEY,
      MILLRACE_EGRESS_ALLOW: "127.0.0.1",
      MILLRACE_LOG_LEVEL: "warn",
      MILLRACE_ROLE: role,
      MILLRACE_ENGINE: "restate",
      MILLRACE_RESTATE_URL: this.engine.map(({ ingress }) => ingress).join(","),
      MILLRACE_RESTATE_ADMIN_URL: this.engine.map(({ admin }) => admin).join(","),
      ...more,
    };
  }

  startWorker(index: number): Promise<Millrace> {
    const own = this.workerPort(index);
    const url = `http://127.0.0.1:${this.#isOneDeployment ? this.balancer.port : own}`;
    return startMillrace(this.environment("worker", { MILLRACE_WORKER_PORT: String(own), MILLRACE_WORKER_URL: url }));
  }

  workerPort(index: number): number {
    return this.#ports[index] ?? 0;
  }

  /** Dies at once; another one takes its place. */
  async replaceWorker(index: number): Promise<void> {
    await this.workers[index]?.end("SIGKILL");
    this.workers[index] = await this.startWorker(index);
  }

  async close(): Promise<void> {
    await Promise.all([...this.workers, ...(this.api ? [this.api] : [])].map((one) => one.end("SIGKILL")));
    await this.store.close();
    await Promise.all([this.postgres, ...this.engine, this.effects, this.balancer].map((one) => one.close()));
  }
}

/** A form for as long as `use` takes. */
export async function withForm(options: FormOptions, use: (form: Form) => Promise<boolean>): Promise<boolean> {
  const form = await Form.open(options);
  try {
    return await use(form);
  } finally {
    await form.close();
  }
}
