import { statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { type LoadResult, load, postRequest } from "./load.ts";
import { invokeRequest, KILOBYTE } from "./measure.ts";
import { ADMIN_KEY, type Millrace, startMillrace } from "./millrace.ts";
import { startServer } from "./process.ts";
import { median, type Row, report, round } from "./report.ts";

const laterScript = new URL("./later-server.ts", import.meta.url);

/** Runs in the store: `MILLRACE_BENCH_HISTORY` makes it fewer. */
export const RUNS = Number(process.env["MILLRACE_BENCH_HISTORY"] ?? 1_000_000);

const SAMPLES = 300;

/** More than are asked for in a round. */
const ASKED = 20_000;
const USAGE_SAMPLES = 20;

/** Of them so many are to be seen deleted. */
const DELETED = RUNS / 10;
const ROUND_MS = 2_000;
const DAY_MS = 86_400_000;

/** P7: what a long history costs to read, and to delete. */
export async function history(): Promise<void> {
  const server = await startMillrace();
  const ids = await fill(server);
  const bytes = ["millrace.db", "millrace.db-wal"].reduce((sum, file) => sum + statSync(join(server.dataDir, file)).size, 0);
  const query = await ask(server);
  const newest = await sampled(() => server.manage("GET", "/api/v1/runs?limit=50"));
  const filtered = await sampled(() => server.manage("GET", "/api/v1/runs?limit=50&workflow=greet&status=FAILED"));
  const deep = await sampled(() => server.manage("GET", `/api/v1/runs?limit=50&workflow=greet&cursor=${ids[0]}`));
  const now = Date.now();
  const usage = await sampled(() => server.manage("GET", `/api/v1/usage?by=workflow&from=${now - 30 * DAY_MS}&to=${now}`), USAGE_SAMPLES);
  await server.halt();
  const deleting = await whileDeleting(server);
  report("p7", `a history of ${RUNS} runs of 1 KB`, [
    { what: "query/result of any run, p50 and p99 ms", value: `${round(query.p50, 2)} ${round(query.p99, 2)}` },
    { what: "newest page of 50, p50 and p99 ms", value: shown(newest) },
    { what: "page of a workflow's failed runs, p50 and p99 ms", value: shown(filtered) },
    { what: "page a long way back, p50 and p99 ms", value: shown(deep) },
    { what: "usage of 30 days by workflow, p50 and p99 ms", value: shown(usage) },
    { what: "bytes a run on the disk", value: round(bytes / RUNS) },
    ...deleting,
  ]);
  await server.stop();
}

/** Runs until enough are there; a sample of their ids, oldest first. */
async function fill(server: Millrace): Promise<string[]> {
  const request = invokeRequest(server, "greet", KILOBYTE);
  const ids: string[] = [];
  for (let made = 0; made < RUNS; ) {
    const { answers, lastBody } = await load({ port: server.port, connections: 64, durationMs: 250, request });
    made += answers;
    ids.push((JSON.parse(lastBody) as { workflowRunId: string }).workflowRunId);
  }
  return ids;
}

/** Runs all over the history, none twice, on a connection that stays: with one for each question the client's own garbage is measured. */
async function ask({ dataDir, keys, port }: Millrace): Promise<LoadResult> {
  const headers = { Authorization: `Bearer ${keys["greet"]}` };
  const body = ({ id }: { id: string }) => JSON.stringify({ workflowRunId: id });
  const request = inDatabase(dataDir, (database) => {
    const chosen = database.prepare(`SELECT id FROM runs WHERE random() % ${Math.ceil(RUNS / ASKED)} = 0 ORDER BY random()`);
    return (chosen.all() as { id: string }[]).map((run) => postRequest("/v1/workflow/query/result", body(run), headers));
  });
  const asked = await load({ port, connections: 1, durationMs: ROUND_MS, request });
  if (asked.failures > 0) throw new Error(asked.lastBody);
  return asked;
}

/** The run of another, one after the other, before anything is deleted and while retention deletes. */
async function whileDeleting({ dataDir, keys }: Millrace): Promise<Row[]> {
  const environment = { MILLRACE_DATA_DIR: dataDir, MILLRACE_ADMIN_KEY: ADMIN_KEY };
  const server = await startServer(laterScript, [], environment);
  const request = invokeRequest({ keys }, "greet", KILOBYTE);
  const one = (durationMs: number) => load({ port: server.port, connections: 1, durationMs, request });
  await one(ROUND_MS);
  const alone = await one(ROUND_MS);
  const before = countRuns(dataDir);
  const began = performance.now();
  process.kill(server.pid, "SIGUSR2");
  const rounds: LoadResult[] = [];
  let deleted = 0;
  for (let made = 0; deleted < DELETED; deleted = before + made - countRuns(dataDir)) {
    const part = await one(ROUND_MS);
    rounds.push(part);
    made += part.answers;
  }
  const seconds = (performance.now() - began) / 1_000;
  await server.stop();
  const failures = rounds.reduce((sum, part) => sum + part.failures, 0);
  return [
    { what: "runs deleted, a second", value: `${deleted} ${round(deleted / seconds)}` },
    { what: "another run before, p50 p99 and longest ms", value: longest([alone]) },
    { what: `another run beside it (${failures} failed), p50 p99 and longest ms`, value: longest(rounds) },
  ];
}

function longest(rounds: readonly LoadResult[]): string {
  const [p50, p99] = [median(rounds.map((one) => one.p50)), median(rounds.map((one) => one.p99))];
  return [p50, p99, Math.max(...rounds.map((one) => one.longest))].map((ms) => round(ms, 2)).join(" ");
}

function countRuns(dataDir: string): number {
  return inDatabase(dataDir, (database) => (database.prepare("SELECT count(*) AS count FROM runs").get() as { count: number }).count);
}

function inDatabase<T>(dataDir: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(dataDir, "millrace.db"), { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

async function sampled(once: () => Promise<unknown>, samples = SAMPLES): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < samples; i++) {
    const began = performance.now();
    await once();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

function shown(times: readonly number[]): string {
  return `${round(median(times), 2)} ${round(times[Math.floor(times.length * 0.99)] ?? Number.NaN, 2)}`;
}
