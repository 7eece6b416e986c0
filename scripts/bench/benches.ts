import { execFileSync, spawn } from "node:child_process";
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { consolePages } from "./console/console.ts";
import { fanOut } from "./fan-out.ts";
import { history } from "./history.ts";
import { postRequest } from "./load.ts";
import { invokeRequest, KILOBYTE, type Measured, measure, timed } from "./measure.ts";
import { migrateStore } from "./migrate-store.ts";
import { startMillrace } from "./millrace.ts";
import { startServer } from "./process.ts";
import { mebibytes, median, type Row, report, round } from "./report.ts";
import { forms } from "./restate/forms.ts";
import { rollback } from "./rollback.ts";
import { sleepers } from "./sleepers.ts";
import { soak } from "./soak.ts";
import { testCommand } from "./test-command.ts";
import { webhooks } from "./webhooks.ts";

const reference = new URL("./reference-server.ts", import.meta.url);

/** Name → benchmark. Each prints a table and writes reports/bench-<name>.json. */
export const BENCHES: { readonly [name: string]: () => Promise<void> } = {
  p1: () => throughput("p1", "durable sync invoke, start → template → end, 1 KB, 64 connections, synchronous=FULL", 64, false),
  p2: () => latency(),
  p3: () => throughput("p3", "async accept, 64 connections", 64, true),
  p4: () => nodeCost(),
  p5: () => batches(),
  p6: () => fanOut(),
  p7: () => history(),
  p8: () => largeValues(),
  p9: () => startUp(),
  p10: () => webhooks(),
  p11: () => soak(),
  p12: () => sleepers(),
  p13: () => forms(),
  p14: () => sequentialSteps(),
  "migrate-store": () => migrateStore(),
  "test-command": () => testCommand(),
  rollback: () => rollback(),
  console: () => consolePages(),
};

/** Pairs of measurements, one after the other. */
const ROUNDS = 5;

async function throughput(name: string, title: string, connections: number, isAsync: boolean): Promise<void> {
  const [bare, server] = await Promise.all([startServer(reference), startMillrace()]);
  const request = invokeRequest(server, "greet", KILOBYTE, isAsync);
  const echo = postRequest("/", JSON.stringify({ input: KILOBYTE }));
  await measure(bare, echo, connections, 1_000);
  await measure(server, request, connections, 2_000);
  const pairs: { bare: Measured; ours: Measured }[] = [];
  for (let i = 0; i < ROUNDS; i++)
    pairs.push({ bare: await measure(bare, echo, connections), ours: await measure(server, request, connections) });
  const row = (what: string, pick: (pair: (typeof pairs)[number]) => Measured): Row => ({
    what,
    "answers/s": round(median(pairs.map((pair) => pick(pair).perSecond))),
    "CPU µs": round(median(pairs.map((pair) => pick(pair).cpuPerAnswer)), 1),
    "p50 ms": round(median(pairs.map((pair) => pick(pair).p50)), 2),
    "p99 ms": round(median(pairs.map((pair) => pick(pair).p99)), 2),
  });
  const shares = pairs.map((pair) => pair.ours.perSecond / pair.bare.perSecond);
  const rows = [row("node:http echo", (pair) => pair.bare), row(isAsync ? "millrace async" : "millrace sync", (pair) => pair.ours)];
  report(name, title, rows);
  process.stdout.write(
    `  share of the reference, pair by pair: ${shares.map((share) => `${round(share * 100, 1)} %`).join("  ")}   median ${round(median(shares) * 100, 1)} %\n`,
  );
  await Promise.all([bare.stop(), server.stop()]);
}

async function latency(): Promise<void> {
  const server = await startMillrace();
  const request = invokeRequest(server, "greet", KILOBYTE);
  await measure(server, request, 1, 1_000);
  const flushes = flushTimes();
  const one = await measure(server, request, 1);
  report("p2", "one connection: p50 against one flush of this disk", [
    { what: "write + fsync of 4 KB, p50 ms", value: round(median(flushes), 3) },
    { what: "invoke, p50 ms", value: round(one.p50, 3) },
    { what: "invoke, p99 ms", value: round(one.p99, 3) },
    { what: "above the flush, ms", value: round(one.p50 - median(flushes), 3) },
  ]);
  await server.stop();
}

function flushTimes(): number[] {
  const dir = mkdtempSync(join(tmpdir(), "millrace-flush-"));
  const file = openSync(join(dir, "file"), "a");
  const page = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: 500 }, () => {
    const began = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - began;
  });
  closeSync(file);
  rmSync(dir, { recursive: true });
  return times;
}

async function nodeCost(): Promise<void> {
  const server = await startMillrace();
  const chain = invokeRequest(server, "chain", KILOBYTE);
  const greet = invokeRequest(server, "greet", KILOBYTE);
  const steps = invokeRequest(server, "steps", {});
  for (const request of [chain, greet, steps]) await measure(server, request, 4, 1_500);
  const long = await measure(server, chain, 8);
  const short = await measure(server, greet, 8);
  const code = await measure(server, steps, 1);
  report("p4", "cost of a node", [
    { what: "template node, CPU µs (chain of 100 less a run of 1)", value: round((long.cpuPerAnswer - short.cpuPerAnswer) / 99, 1) },
    { what: "run of 100 templates, CPU µs", value: round(long.cpuPerAnswer) },
    { what: "code node, p50 ms (a run of 40, one at a time, / 40)", value: round(code.p50 / 40, 3) },
  ]);
  await server.stop();
}

async function batches(): Promise<void> {
  const rows: Row[] = [];
  for (const [what, workflow, count] of [
    ["batch of 1,000", "many", 1_000],
    ["batch of 10,000", "many", 10_000],
    ["100 × 100, nested", "nested", 100],
  ] as const) {
    const server = await startMillrace();
    const request = invokeRequest(server, workflow, { items: Array.from({ length: count }, (_, i) => i) });
    await timed(server, invokeRequest(server, workflow, { items: [1, 2, 3] }));
    const runs = [await timed(server, request), await timed(server, request), await timed(server, request)];
    rows.push({
      what,
      ms: round(median(runs.map(({ ms }) => ms))),
      "peak MiB": mebibytes(server.peakBytes()),
      status: /"status":"(\w+)"/.exec(runs[0]?.body ?? "")?.[1] ?? "",
    });
    await server.stop();
  }
  const [thousand, tenThousand] = rows;
  report("p5", "batch × template, concurrency 32", rows);
  process.stdout.write(`  10,000 / 1,000 = ${round(Number(tenThousand?.["ms"]) / Number(thousand?.["ms"]), 1)} ×\n`);
}

async function largeValues(): Promise<void> {
  const server = await startMillrace({ MILLRACE_MAX_BODY_BYTES: String(64 * 1_048_576) });
  const idle = server.rssBytes();
  const request = invokeRequest(server, "large", { text: "y".repeat(50 * 1_048_576) });
  const { ms, body } = await timed(server, request);
  const length = /"length":(\d+)/.exec(body)?.[1];
  report("p8", "a 50 MB value through 5 nodes", [
    {
      ms: round(ms),
      "idle MiB": mebibytes(idle),
      "peak MiB": mebibytes(server.peakBytes()),
      "length at the end": length ?? body.slice(0, 100),
    },
  ]);
  await server.stop();
}

/** What is started, as a user starts it. */
const FORMS = { package: "dist/millrace/bin/millrace.js", sources: "packages/server/bin/millrace.js" };

/** From the start of the process to its first answer, and what it holds when nobody asks anything. The first start of a form finds nothing compiled. */
async function startUp(): Promise<void> {
  const rows: Row[] = [];
  for (const [form, program] of Object.entries(FORMS)) {
    const cache = mkdtempSync(join(tmpdir(), "millrace-compiled-"));
    const first = await startOnce(program, cache);
    const samples: { ms: number; rss: number }[] = [];
    for (let i = 0; i < 9; i++) samples.push(await startOnce(program, cache));
    rmSync(cache, { recursive: true, force: true });
    rows.push({
      form,
      "first answer, p50 ms of 9": round(median(samples.map(({ ms }) => ms))),
      "first start of all, ms": round(first.ms),
      "idle MiB": mebibytes(median(samples.map(({ rss }) => rss))),
    });
  }
  report("p9", "process start to first served request", rows);
}

async function startOnce(program: string, cache: string): Promise<{ ms: number; rss: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-start-"));
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
  const began = performance.now();
  const child = spawn(process.execPath, [program, "start", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...environment, XDG_CACHE_HOME: cache, MILLRACE_DATA_DIR: dataDir },
  });
  let port = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    port = Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? 0);
    if (port > 0) break;
  }
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
  await answer.text();
  const ms = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const rss = Number(execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" })) * 1_024;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
  rmSync(dataDir, { recursive: true, force: true });
  return { ms, rss };
}

async function sequentialSteps(): Promise<void> {
  const server = await startMillrace();
  const request = invokeRequest(server, "steps", {});
  await measure(server, request, 16, 2_000);
  const alone = await measure(server, request, 1);
  const together = await measure(server, request, 16);
  report("p14", "40 sequential steps, each recorded and a sandboxed fibo(10); all of it durable before the answer", [
    { what: "alone, p50 ms a flow", value: round(alone.p50, 1) },
    { what: "16 at once, flows/s", value: round(together.perSecond) },
    { what: "16 at once, p50 ms a flow", value: round(together.p50, 1) },
    { what: "CPU ms a flow (server alone, without its sandboxes)", value: round(together.cpuPerAnswer / 1_000, 2) },
  ]);
  await server.stop();
}
