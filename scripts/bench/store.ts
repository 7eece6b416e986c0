// How fast the embedded store accepts runs: `node scripts/bench/store.ts [--seconds 3] [--bytes 1000] [--dir <directory of the disk to measure>]`.
// Prints one flush of the disk beside it, because a commit is one flush.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Entry } from "@millrace/engine";
import { openSqliteStore } from "../../packages/server/src/store/sqlite/open.ts";
import type { NewRun, RunSummary, Store } from "../../packages/server/src/store/store.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    bytes: { type: "string", default: "1000" },
    dir: { type: "string", default: tmpdir() },
  },
});
const SECONDS = Number(values.seconds);
const TEXT = "x".repeat(Number(values.bytes));
const CONCURRENT = [1, 16, 64];
let made = 0;

const directory = mkdtempSync(join(values.dir, "millrace-bench-"));
try {
  console.log(`one flush of this disk: ${flushMs(directory).toFixed(3)} ms (p50 of 200)`);
  const store = await openSqliteStore({ dataDir: join(directory, "data"), owner: "bench" });
  await measure(store, 16, 0.5, acceptEnded);
  const rows = [];
  for (const concurrent of CONCURRENT)
    rows.push({ what: "accept, ended", concurrent, ...(await measure(store, concurrent, SECONDS, acceptEnded)) });
  for (const concurrent of CONCURRENT)
    rows.push({ what: "accept, then append", concurrent, ...(await measure(store, concurrent, SECONDS, acceptThenEnd)) });
  console.table(rows);
  await store.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

type Work = (store: Store, number: number) => Promise<void>;

async function measure(store: Store, concurrent: number, seconds: number, work: Work) {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrent }, () => client(store, end, latencies, work)));
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((left, right) => left - right);
  const quantile = (share: number): string => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2);
  return {
    "runs/s": Math.round((latencies.length / elapsed) * 1_000),
    "CPU µs a run": ((user + system) / latencies.length).toFixed(1),
    "p50 ms": quantile(0.5),
    "p99 ms": quantile(0.99),
    "max ms": quantile(0.999_999),
  };
}

async function client(store: Store, end: number, latencies: number[], work: Work): Promise<void> {
  while (performance.now() < end) {
    const start = performance.now();
    await work(store, made++);
    latencies.push(performance.now() - start);
  }
}

async function acceptEnded(store: Store, number: number): Promise<void> {
  const run = newRun(number);
  await store.runs.accept("default", run, [...beginning(run), ...ending(run)], ended(run));
}

async function acceptThenEnd(store: Store, number: number): Promise<void> {
  const run = newRun(number);
  const claim = await store.runs.accept("default", run, beginning(run), { ...ended(run), status: "RUNNING", endedAt: null });
  await store.runs.append(claim, ending(run), ended(run));
}

function newRun(number: number): NewRun {
  const now = Date.now();
  const time = now.toString(16).padStart(12, "0");
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, "0")}`;
  const workflow = { workflowId: "0123456789abcdef01234567", workflowName: "todayNews", version: "1.0.0" };
  return { id, ...workflow, userId: null, origin: null, keyId: "0123456789abcdef01234568", owner: "bench", acceptedAt: now };
}

function beginning({ id, acceptedAt: at }: NewRun): Entry[] {
  const workflow = { id: "0123456789abcdef01234567", name: "todayNews", version: "1.0.0" };
  const accepted = {
    type: "run-accepted",
    interpreter: 1,
    runId: id,
    workflow,
    input: { topic: TEXT },
    userId: null,
    seed: id,
    at,
  } as const;
  return [accepted, { type: "run-started", at }];
}

function ending({ acceptedAt: at }: NewRun): Entry[] {
  return [{ type: "run-finished", status: "SUCCEED", output: { text: "short" }, totalCost: 0, totalTokens: 0, at }];
}

function ended({ acceptedAt: at }: NewRun): RunSummary {
  return { status: "SUCCEED", startedAt: at, endedAt: at, executionMs: 0, totalCost: 0, totalTokens: 0, errorType: null };
}

function flushMs(where: string): number {
  const file = openSync(join(where, "flush"), "w");
  const block = Buffer.alloc(4_096);
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return performance.now() - start;
  }).sort((left, right) => left - right);
  closeSync(file);
  return times[100] ?? 0;
}
