import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { load, postRequest } from "./load.ts";
import { KILOBYTE } from "./measure.ts";
import { type Millrace, publish, startMillrace } from "./millrace.ts";
import { type ServerProcess, startServer } from "./process.ts";
import { median, report, round } from "./report.ts";
import { WORKFLOWS } from "./workflows.ts";

const receiverScript = new URL("./webhook-server.ts", import.meta.url);
const deadScript = new URL("./dead-server.ts", import.meta.url);

/** Pairs of measurements, one after the other. */
const ROUNDS = 3;
/** How long runs are accepted as fast as they can be; what they owe is delivered after it. */
const BURST_MS = 1_500;
/** Workflows that call the dead receiver, and how often each does at first. */
const DEAD_WORKFLOWS = 40;
const DEAD_RUNS = 20;
/** Runs a second, where the latency of a delivery is looked at, and beside them those to the dead receiver. */
const STEADY_PER_SECOND = 200;
const DEAD_PER_SECOND = 50;
const STEADY_MS = 8_000;
/** Without one more delivery. */
const PATIENCE_MS = 15_000;

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** P10: how many deliveries a second, and what the others notice of a receiver that never answers. */
export async function webhooks(): Promise<void> {
  const [server, receiver, dead] = await Promise.all([startMillrace(), startServer(receiverScript), startServer(deadScript)]);
  try {
    await steady(server, receiver);
    const rates: { ours: Drained; bare: number }[] = [];
    for (let i = 0; i < ROUNDS; i++) rates.push({ bare: await barePosts(receiver), ours: await drain(server, receiver) });
    const pairs: { alone: Latency; beside: Latency }[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const other = await startMillrace();
      await holdUp(other, dead);
      pairs.push({ alone: await steady(server, receiver), beside: await steadyBesideDead(other, receiver, dead) });
      await other.stop();
    }
    print(rates, pairs);
  } finally {
    await Promise.all([server.stop(), receiver.stop(), dead.stop()]);
  }
}

/** The reference: POSTs of the same size, as many at once as go to one receiver, by a client that does nothing else. */
async function barePosts(receiver: ServerProcess): Promise<number> {
  const request = postRequest("/", JSON.stringify({ ...KILOBYTE, endTime: 0 }));
  const { perSecond, answers } = await load({ port: receiver.port, connections: 8, durationMs: BURST_MS, request });
  await arrived(receiver, answers);
  return perSecond;
}

interface Drained {
  readonly perSecond: number;
  readonly cpuPerDelivery: number;
}

/** Deliveries a second while many are due and nothing else is asked of the server. */
async function drain(server: Millrace, receiver: ServerProcess): Promise<Drained> {
  const { answers } = await load({ ...asyncRuns(server, receiver), connections: 32, durationMs: BURST_MS });
  const early = (await arrivals(receiver)).length;
  const [began, cpu] = [performance.now(), server.cpuMicros()];
  const rest = answers - early;
  await arrived(receiver, rest);
  return { perSecond: (rest * 1_000) / (performance.now() - began), cpuPerDelivery: (server.cpuMicros() - cpu) / rest };
}

/** More runs end than the server could ever attempt to deliver at once. */
async function holdUp(server: Millrace, dead: ServerProcess): Promise<void> {
  for (let i = 0; i < DEAD_WORKFLOWS; i++) {
    const key = await publish(server.manage, { ...WORKFLOWS.greet, name: `greet${i}` });
    const run = asyncRuns(server, dead, key);
    for (let j = 0; j < DEAD_RUNS; j++) await load({ ...run, connections: 1, durationMs: 0 });
  }
}

async function steadyBesideDead(server: Millrace, receiver: ServerProcess, dead: ServerProcess): Promise<Latency> {
  const toDead = load({ ...asyncRuns(server, dead), connections: 4, durationMs: STEADY_MS, perSecond: DEAD_PER_SECOND });
  const [latency] = await Promise.all([steady(server, receiver), toDead]);
  return latency;
}

/** ms from the end of a run to its receiver, at a rate that leaves the server time. */
async function steady(server: Millrace, receiver: ServerProcess): Promise<Latency> {
  const { answers } = await load({
    ...asyncRuns(server, receiver),
    connections: 8,
    durationMs: STEADY_MS,
    perSecond: STEADY_PER_SECOND,
  });
  const latencies = (await arrived(receiver, answers)).sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function asyncRuns(server: Millrace, { port }: ServerProcess, key = server.keys["greet"]): { port: number; request: Buffer } {
  const body = { input: KILOBYTE, isAsync: true, webhook: [{ method: "POST", url: `http://127.0.0.1:${port}/` }] };
  const request = postRequest("/v1/workflow/invoke", JSON.stringify(body), { Authorization: `Bearer ${key}` });
  return { port: server.port, request };
}

/** Waits for so many deliveries; throws when no more of them come. */
async function arrived(receiver: ServerProcess, count: number): Promise<number[]> {
  const all: number[] = [];
  let lastAt = performance.now();
  while (all.length < count) {
    const some = await arrivals(receiver);
    if (some.length > 0) lastAt = performance.now();
    if (performance.now() - lastAt > PATIENCE_MS) throw new Error(`${all.length} of ${count} deliveries came, and then no more`);
    // A fast machine has more of them at once than a call may have arguments.
    for (const one of some) all.push(one);
    await setTimeout(20);
  }
  return all;
}

async function arrivals(receiver: ServerProcess): Promise<number[]> {
  return (await (await fetch(`http://127.0.0.1:${receiver.port}/figures`)).json()) as number[];
}

function print(rates: readonly { ours: Drained; bare: number }[], pairs: readonly { alone: Latency; beside: Latency }[]): void {
  const of = (which: "alone" | "beside", quantile: keyof Latency) => median(pairs.map((pair) => pair[which][quantile]));
  const row = (what: string, which: "alone" | "beside") => ({ what, value: `${of(which, "p50")} ${of(which, "p99")}` });
  report("p10", "deliveries of 1 KB runs to a receiver on loopback", [
    { what: "deliveries/s, of a backlog", value: round(median(rates.map(({ ours }) => ours.perSecond))) },
    { what: "bare POSTs/s to the same receiver", value: round(median(rates.map(({ bare }) => bare))) },
    { what: "share of the bare POSTs, %", value: round(median(rates.map(({ ours, bare }) => (100 * ours.perSecond) / bare)), 1) },
    { what: "CPU µs a delivery", value: round(median(rates.map(({ ours }) => ours.cpuPerDelivery))) },
    row(`at ${STEADY_PER_SECOND} runs/s, from end to receiver, p50 and p99 ms`, "alone"),
    row(`the same beside ${DEAD_PER_SECOND} runs/s to a receiver that never answers, and ${DEAD_WORKFLOWS * DEAD_RUNS} before`, "beside"),
    { what: "p99 beside / alone", value: round(of("beside", "p99") / of("alone", "p99"), 2) },
  ]);
}
