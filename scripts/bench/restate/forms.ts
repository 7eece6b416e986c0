import { randomBytes, randomUUID } from "node:crypto";
import { newDatabase } from "../../../packages/server/src/store/postgres/testing/fixture.ts";
import { startPostgres } from "../../../packages/server/src/testing/database-servers.ts";
import { calling } from "../../promises/harness/documents.ts";
import { ADMIN_KEY, type Millrace, settingsFor, startMillrace, withDataDir } from "../../promises/harness/millrace.ts";
import { send } from "../../promises/harness/send.ts";
import { type Environment, useBuild } from "../../promises/harness/server-process.ts";
import { cpuMsOfTree } from "../../scale/cpu.ts";
import { Form } from "../../scale/form.ts";
import { startServer } from "../process.ts";
import { type Row, report, round } from "../report.ts";
import { WORKFLOWS } from "../workflows.ts";

const CONNECTIONS = 16;
/** V8 has compiled by then what runs often. */
const WARM_UP_MS = 10_000;
/** Each in turn: what else the machine does then is nobody's disadvantage. */
const ROUNDS = 3;
const ROUND_MS = 5_000;
const CALLS = 5;
const NAME = "x".repeat(980);

/** Who uses processor time, by what it is called in the table. */
type Processes = { readonly [who: string]: number };

/** Whose runs are measured. */
interface Subject {
  readonly form: string;
  readonly steps: string;
  readonly processes: Processes;
  readonly run: () => Promise<void>;
}

/** Runs of each form, and of a workflow written by hand on the same Restate server: how many a second, and what one costs. */
export async function forms(): Promise<void> {
  useBuild();
  const rows = [...(await onSqlite()), ...(await onPostgres()), ...(await onRestate())];
  report("p13", `one machine; ${CONNECTIONS} synchronous calls at once; CPU ms a run`, rows);
  for (const steps of ["greet", `${CALLS} calls`]) {
    const [ours, theirs] = ["Restate", "by hand"].map((form) => rows.find((row) => row["form"] === form && row["steps"] === steps));
    const ratio = Number(ours?.["engine and worker"]) / Number(theirs?.["engine and worker"]);
    process.stdout.write(`  ${steps}: engine and worker take ${round(ratio, 2)} times what the workflow by hand takes\n`);
  }
}

function onSqlite(): Promise<readonly Row[]> {
  return withDataDir(async (dataDir) => {
    const server = await startMillrace(settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: "127.0.0.1" }));
    const rows = await measured([{ form: "SQLite", steps: "greet", processes: { server: server.pid }, run: await greeting(server) }]);
    await server.end("SIGTERM");
    return rows;
  });
}

async function onPostgres(): Promise<readonly Row[]> {
  const postgres = await startPostgres();
  const environment: Environment = {
    MILLRACE_DATABASE_URL: newDatabase(postgres),
    MILLRACE_SECRET_KEY: randomBytes(32).toString("base64"),
    MILLRACE_ADMIN_KEY: ADMIN_KEY,
    MILLRACE_LOG_LEVEL: "error",
  };
  const server = await startMillrace(environment);
  const processes = { server: server.pid, postgres: postgres.pid };
  const rows = await measured([{ form: "PostgreSQL", steps: "greet", processes, run: await greeting(server) }]);
  await server.end("SIGTERM");
  await postgres.close();
  return rows;
}

async function onRestate(): Promise<readonly Row[]> {
  const form = await Form.open();
  try {
    const [engine, worker] = [form.engine[0], form.workers[0]];
    if (!engine || !worker) throw new Error("no engine");
    const ours = { server: form.api.pid, worker: worker.pid, engine: engine.pid, postgres: form.postgres.pid };
    const { key } = await form.api.publish(calling("chain", form.effects.port, CALLS));
    const hand = await startServer(new URL("./by-hand.ts", import.meta.url));
    await answered(Number(new URL(engine.admin).port), "/deployments", { uri: `http://127.0.0.1:${hand.port}` });
    const ingress = Number(new URL(engine.ingress).port);
    const byHand = { worker: hand.pid, engine: engine.pid };
    const url = `http://127.0.0.1:${form.effects.port}/effect`;
    const greet = await greeting(form.api);
    const greetByHand = () => answered(ingress, `/Greet/${randomUUID()}/run`, { name: NAME });
    const chain = () => invoked(form.api, key, { n: 1 });
    const chainByHand = () => answered(ingress, `/Chain/${randomUUID()}/run`, { url, calls: CALLS });
    const rows = [
      ...(await measured([
        { form: "Restate", steps: "greet", processes: ours, run: greet },
        { form: "by hand", steps: "greet", processes: byHand, run: greetByHand },
      ])),
      ...(await measured([
        { form: "Restate", steps: `${CALLS} calls`, processes: ours, run: chain },
        { form: "by hand", steps: `${CALLS} calls`, processes: byHand, run: chainByHand },
      ])),
    ];
    await hand.stop();
    return rows;
  } finally {
    await form.close();
  }
}

async function greeting(server: Millrace): Promise<() => Promise<void>> {
  const { key } = await server.publish(WORKFLOWS.greet);
  return () => invoked(server, key, { name: NAME });
}

async function invoked(server: Millrace, key: string, input: object): Promise<void> {
  const { status, text } = await server.call("POST", "/v1/workflow/invoke", { key, body: { input } });
  if (status !== 200) throw new Error(`${status} ${text}`);
}

async function answered(port: number, path: string, body: object): Promise<void> {
  const { status, text } = await send(port, "POST", path, { headers: { "content-type": "application/json" }, body });
  if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
}

async function measured(subjects: readonly Subject[]): Promise<readonly Row[]> {
  const measurements = subjects.map((subject) => new Measurement(subject));
  for (const { run } of subjects) await during(WARM_UP_MS, run);
  for (let round = 0; round < ROUNDS; round++) for (const one of measurements) await one.addRound();
  return measurements.map((one) => one.row());
}

/** Runs of one form, and the processor time that they took, over all rounds. */
class Measurement {
  readonly #subject: Subject;
  readonly #usedMs: { [who: string]: number } = {};
  #runs = 0;
  #seconds = 0;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  async addRound(): Promise<void> {
    const { processes, run } = this.#subject;
    const before = Object.entries(processes).map(([who, pid]) => ({ who, pid, ms: cpuMsOfTree(pid) }));
    const { runs, seconds } = await during(ROUND_MS, run);
    for (const { who, pid, ms } of before) this.#usedMs[who] = (this.#usedMs[who] ?? 0) + cpuMsOfTree(pid) - ms;
    this.#runs += runs;
    this.#seconds += seconds;
  }

  row(): Row {
    const { form, steps } = this.#subject;
    const { server, worker, engine, postgres } = this.#usedMs;
    const perRun = (ms: number | undefined) => (ms === undefined ? "" : round(ms / this.#runs, 2));
    return {
      ...{ form, steps, "runs/s": round(this.#runs / this.#seconds) },
      ...{ server: perRun(server), worker: perRun(worker), engine: perRun(engine), postgres: perRun(postgres) },
      "engine and worker": perRun(engine === undefined || worker === undefined ? undefined : engine + worker),
      all: perRun(Object.values(this.#usedMs).reduce((sum, ms) => sum + ms, 0)),
    };
  }
}

async function during(ms: number, run: () => Promise<void>): Promise<{ runs: number; seconds: number }> {
  const began = performance.now();
  let runs = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (; performance.now() - began < ms; runs += 1) await run();
    }),
  );
  return { runs, seconds: (performance.now() - began) / 1_000 };
}
