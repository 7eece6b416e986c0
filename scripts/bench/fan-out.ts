import { load } from "./load.ts";
import { invokeRequest, KILOBYTE, measure, timed } from "./measure.ts";
import { startMillrace } from "./millrace.ts";
import { startServer } from "./process.ts";
import { median, report, round } from "./report.ts";

const slowTarget = new URL("./slow-server.ts", import.meta.url);

const RUNS = 3;

/** P6: 1,000 HTTP nodes side by side in one run, and what another run notices of them. */
export async function fanOut(): Promise<void> {
  const target = await startServer(slowTarget);
  const server = await startMillrace({ MILLRACE_RUN_CONCURRENCY: "128" });
  const fan = invokeRequest(server, "fan", { url: `http://127.0.0.1:${target.port}/` });
  const greet = invokeRequest(server, "greet", KILOBYTE);
  await timed(server, fan);
  const alone = await measure(server, greet, 1);
  const times: number[] = [];
  const beside: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const wide = timed(server, fan);
    let isOpen = true;
    void wide.then(() => {
      isOpen = false;
    });
    while (isOpen) beside.push((await load({ port: server.port, connections: 1, durationMs: 0, request: greet })).p50);
    times.push((await wide).ms);
  }
  beside.sort((a, b) => a - b);
  const p99 = beside[Math.floor(beside.length * 0.99)] ?? Number.NaN;
  report("p6", "1,000 HTTP nodes side by side, each answered after 50 ms, concurrency 128", [
    { what: "the run, ms", value: round(median(times)) },
    { what: "another run alone, p50 and p99 ms", value: `${round(alone.p50, 2)} ${round(alone.p99, 2)}` },
    { what: `another run beside it (${beside.length}), p50 and p99 ms`, value: `${round(median(beside), 2)} ${round(p99, 2)}` },
    { what: "p99 beside / alone", value: round(p99 / alone.p99, 1) },
  ]);
  await Promise.all([server.stop(), target.stop()]);
}
