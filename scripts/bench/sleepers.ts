import type { JsonObject } from "@millrace/contract";
import { load, postRequest } from "./load.ts";
import { type Millrace, startMillrace } from "./millrace.ts";
import { median, report, round } from "./report.ts";

/** Runs that sleep: `MILLRACE_BENCH_SLEEPERS` makes it fewer. */
const RUNS = Number(process.env["MILLRACE_BENCH_SLEEPERS"] ?? 100_000);

/** They wake at this rate. */
const WAKE_PER_SECOND = 1_000;

/** What accepting them may take at most before the first one wakes. */
const HEAD_START_MS = 60_000;

const ACCEPT_MS = 100;

/** P12: many runs that wait for timers, and how late they wake. */
export async function sleepers(): Promise<void> {
  const server = await startMillrace({ MILLRACE_MAX_RUNS: "10000" });
  try {
    await sleepOn(server);
  } finally {
    await server.stop();
  }
}

async function sleepOn(server: Millrace): Promise<void> {
  const idle = server.rssBytes();
  const wakeFrom = Date.now() + HEAD_START_MS;
  let accepted = 0;
  while (accepted < RUNS) accepted += await accept(server, wakeFrom + (accepted / WAKE_PER_SECOND) * 1_000);
  if (Date.now() > wakeFrom) throw new Error("the first ones woke before the last ones were accepted");
  const asleep = server.rssBytes();
  await untilDone(server);
  const lags = await lagsOf(server);
  report("p12", `${accepted} runs asleep, ${WAKE_PER_SECOND} of them waking a second`, [
    {
      what: "memory: idle, all asleep, peak; MiB",
      value: [idle, asleep, server.peakBytes()].map((bytes) => round(bytes / 1_048_576)).join(", "),
    },
    { what: "woke and ended", value: lags.length },
    {
      what: "from the moment to the run's end, p50 p99 max ms",
      value: [median(lags), lags[Math.floor(lags.length * 0.99)], lags.at(-1)].join(" "),
    },
  ]);
}

/** As many as are accepted in a moment, all of which wake at the same time. */
async function accept(server: Millrace, wakeAt: number): Promise<number> {
  const until = Math.round(wakeAt);
  const body = JSON.stringify({ input: { until }, userId: String(until), isAsync: true });
  const request = postRequest("/v1/workflow/invoke", body, { Authorization: `Bearer ${server.keys["sleeper"]}` });
  const { answers, failures, lastBody } = await load({ port: server.port, connections: 32, durationMs: ACCEPT_MS, request });
  if (failures > 0) throw new Error(lastBody);
  return answers;
}

async function untilDone(server: Millrace): Promise<void> {
  for (;;) {
    const { data } = await server.manage("GET", "/api/v1/runs?limit=1&workflow=sleeper&status=RUNNING");
    if ((data as JsonObject[]).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** How long after its moment each run had ended, ms, ascending. */
async function lagsOf(server: Millrace): Promise<number[]> {
  const lags: number[] = [];
  for (let cursor = ""; ; ) {
    const page = await server.manage("GET", `/api/v1/runs?limit=100&workflow=sleeper${cursor && `&cursor=${cursor}`}`);
    for (const run of page["data"] as JsonObject[]) lags.push(Number(run["endedAt"]) - Number(run["userId"]));
    if (page["nextCursor"] === undefined) return lags.sort((a, b) => a - b);
    cursor = String(page["nextCursor"]);
  }
}
