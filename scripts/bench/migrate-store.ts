import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import { newDatabase } from "../../packages/server/src/store/postgres/testing/fixture.ts";
import { startPostgres } from "../../packages/server/src/testing/database-servers.ts";
import { load, postRequest } from "./load.ts";
import { invokeRequest, KILOBYTE } from "./measure.ts";
import { CLI, type Millrace, startMillrace } from "./millrace.ts";
import { report, round } from "./report.ts";

/** Runs that are moved: `MILLRACE_BENCH_MOVED` makes it fewer. */
const RUNS = Number(process.env["MILLRACE_BENCH_MOVED"] ?? 100_000);

/** Runs whose bodies are compared. */
const COMPARED = 500;

interface Moved {
  readonly resumed: boolean;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly digest: string }[];
}

/** 100,000 runs from SQLite to PostgreSQL with a kill in the middle, and back: the same bodies, the same rows. */
export async function migrateStore(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "millrace-bench-move-"));
  const [here, back] = [join(root, "here"), join(root, "back")];
  const secret = { MILLRACE_SECRET_KEY: randomBytes(32).toString("base64") };
  const postgres = await startPostgres();
  const there = { ...secret, MILLRACE_DATABASE_URL: newDatabase(postgres) };
  const server = await startMillrace(secret);
  const ids = await fill(server);
  const key = server.keys["greet"] ?? "";
  const before = await bodies(server.port, key, ids);
  await server.halt();
  cpSync(server.dataDir, here, { recursive: true });
  await server.stop();

  const half = await killedHalfWay({ ...there, MILLRACE_DATA_DIR: here });
  const out = await move("sqlite", "postgres", { ...there, MILLRACE_DATA_DIR: here });
  const home = await move("postgres", "sqlite", { ...there, MILLRACE_DATA_DIR: back });
  const onPostgres = await startMillrace({ ...there, MILLRACE_DATA_DIR: join(root, "process") });
  const after = await bodies(onPostgres.port, key, ids);
  await onPostgres.stop();
  const same = ids.filter((id) => before.get(id) === after.get(id)).length;
  const rows = out.moved.tables.reduce((sum, table) => sum + table.rows, 0);
  report("migrate-store", `${RUNS} runs of 1 KB from SQLite to PostgreSQL, killed in the middle, and back`, [
    { what: "rows of all tables", value: rows },
    { what: "until it was killed, s", value: round(half / 1_000, 1) },
    { what: "the rest, and every row compared, s", value: round(out.ms / 1_000, 1) },
    { what: "back to SQLite, every row compared, s", value: round(home.ms / 1_000, 1) },
    { what: "went on where it had been killed", value: out.moved.resumed ? "yes" : "no" },
    { what: `bodies of ${ids.length} runs that are equal before and after`, value: same },
    {
      what: "rows that are equal there and back",
      value: JSON.stringify(out.moved.tables) === JSON.stringify(home.moved.tables) ? "all" : "not all",
    },
  ]);
  await postgres.close();
  rmSync(root, { recursive: true, force: true });
}

/** A sample of the runs' ids. */
async function fill(server: Millrace): Promise<readonly string[]> {
  const request = invokeRequest(server, "greet", KILOBYTE);
  const ids: string[] = [];
  for (let made = 0; made < RUNS; ) {
    const { answers, lastBody } = await load({ port: server.port, connections: 64, durationMs: 250, request });
    made += answers;
    ids.push((JSON.parse(lastBody) as { workflowRunId: string }).workflowRunId);
  }
  return ids.slice(0, COMPARED);
}

async function bodies(port: number, key: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const workflowRunId of ids) {
    const request = postRequest("/v1/workflow/query/result", JSON.stringify({ workflowRunId }), { Authorization: `Bearer ${key}` });
    const { failures, lastBody } = await load({ port, connections: 1, durationMs: 0, request });
    if (failures > 0) throw new Error(lastBody);
    found.set(workflowRunId, lastBody);
  }
  return found;
}

/** How long it ran, in ms, until half of the journal was there and it was killed. */
function killedHalfWay(environment: NodeJS.ProcessEnv): Promise<number> {
  const began = performance.now();
  const child = run("sqlite", "postgres", environment, []);
  return new Promise((resolve, reject) => {
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      told += chunk;
      const rows = Number([...told.matchAll(/journal: (\d+) of/g)].at(-1)?.[1] ?? 0);
      if (rows >= RUNS / 2) child.kill("SIGKILL");
    });
    child.once("close", (status, signal) => {
      if (signal === "SIGKILL") resolve(performance.now() - began);
      else reject(new Error(`the move ended with ${status} before it was killed: ${told}`));
    });
  });
}

async function move(from: string, to: string, environment: NodeJS.ProcessEnv): Promise<{ readonly ms: number; readonly moved: Moved }> {
  const began = performance.now();
  const child = run(from, to, environment, ["-o", "json"]);
  const ended = once(child, "close");
  const [told, problem] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await ended) as [number | null];
  if (status !== 0) throw new Error(`${status}: ${problem}`);
  return { ms: performance.now() - began, moved: JSON.parse(told) as Moved };
}

function run(from: string, to: string, environment: NodeJS.ProcessEnv, more: readonly string[]) {
  const args = [CLI.pathname, "migrate-store", "--from", from, "--to", to, ...more];
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    stdio: "pipe",
    env: { ...process.env, ...environment },
  });
}
