import { statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { load, postRequest } from "./load.ts";
import { invokeRequest, KILOBYTE } from "./measure.ts";
import { type Millrace, startMillrace } from "./millrace.ts";
import { median, report, round } from "./report.ts";

/** Runs in the store: `MILLRACE_BENCH_HISTORY` makes it fewer. */
export const RUNS = Number(process.env["MILLRACE_BENCH_HISTORY"] ?? 1_000_000);

const SAMPLES = 300;

/** P7: what a long history costs to read. */
export async function history(): Promise<void> {
  const server = await startMillrace();
  const ids = await fill(server);
  const bytes = ["millrace.db", "millrace.db-wal"].reduce((sum, file) => sum + statSync(join(server.dataDir, file)).size, 0);
  const query = await sampled(() => ask(server, ids[Math.floor(Math.random() * ids.length)] ?? ""));
  const newest = await sampled(() => server.manage("GET", "/api/v1/runs?limit=50"));
  const filtered = await sampled(() => server.manage("GET", "/api/v1/runs?limit=50&workflow=greet&status=FAILED"));
  const deep = await sampled(() => server.manage("GET", `/api/v1/runs?limit=50&workflow=greet&cursor=${ids[0]}`));
  report("p7", `a history of ${RUNS} runs of 1 KB`, [
    { what: "query/result of any run, p50 and p99 ms", value: shown(query) },
    { what: "newest page of 50, p50 and p99 ms", value: shown(newest) },
    { what: "page of a workflow's failed runs, p50 and p99 ms", value: shown(filtered) },
    { what: "page a long way back, p50 and p99 ms", value: shown(deep) },
    { what: "bytes a run on the disk", value: round(bytes / RUNS) },
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

async function ask(server: Millrace, workflowRunId: string): Promise<void> {
  const headers = { Authorization: `Bearer ${server.keys["greet"]}` };
  const request = postRequest("/v1/workflow/query/result", JSON.stringify({ workflowRunId }), headers);
  const { failures, lastBody } = await load({ port: server.port, connections: 1, durationMs: 0, request });
  if (failures > 0) throw new Error(lastBody);
}

async function sampled(once: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const began = performance.now();
    await once();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

function shown(times: readonly number[]): string {
  return `${round(median(times), 2)} ${round(times[Math.floor(times.length * 0.99)] ?? Number.NaN, 2)}`;
}
