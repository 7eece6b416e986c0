import { readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { load } from "./load.ts";
import { invokeRequest, KILOBYTE } from "./measure.ts";
import { startMillrace } from "./millrace.ts";
import { report, round } from "./report.ts";

/** `MILLRACE_BENCH_SOAK_MINUTES` makes it shorter. */
const MINUTES = Number(process.env["MILLRACE_BENCH_SOAK_MINUTES"] ?? 30);
const CONNECTIONS = 64;
const SAMPLE_MS = 5_000;
/** Of the free disk, for the runs; the rest is for their log while it is folded in, and for everybody else. */
const DISK_SHARE = 0.9;

interface Sample {
  readonly minute: number;
  readonly mebibytes: number;
  readonly handles: number;
}

/** P11: half of what the server can do, for long: what grows? */
export async function soak(): Promise<void> {
  const server = await startMillrace();
  const request = invokeRequest(server, "greet", KILOBYTE);
  const all = { port: server.port, connections: CONNECTIONS, request };
  const first = await load({ ...all, durationMs: 5_000 });
  const most = first.perSecond;
  // What a server allocates once, it has allocated by then.
  const warm = await load({ ...all, durationMs: 10_000, perSecond: most / 2 });
  const bytesARun = databaseBytes(server.dataDir) / (first.answers + warm.answers);
  const perSecond = Math.min(most / 2, (freeBytes(server.dataDir) * DISK_SHARE) / bytesARun / (MINUTES * 60));
  const samples: Sample[] = [];
  let [answers, failures] = [0, 0];
  const began = performance.now();
  while (performance.now() - began < MINUTES * 60_000) {
    const sample = await load({ ...all, durationMs: SAMPLE_MS, perSecond });
    answers += sample.answers;
    failures += sample.failures;
    // The server has noticed by then that its callers have gone.
    await setTimeout(200);
    const handles = readdirSync(`/proc/${server.pid}/fd`).length;
    samples.push({ minute: (performance.now() - began) / 60_000, mebibytes: server.rssBytes() / 1_048_576, handles });
  }
  const range = (pick: (sample: Sample) => number) =>
    `${round(Math.min(...samples.map(pick)))} to ${round(Math.max(...samples.map(pick)))}`;
  const isHalf = perSecond === most / 2;
  report("p11", `${MINUTES} min at ${isHalf ? "half of the rate of p1" : "the rate that the free disk holds"}`, [
    { what: "answers/s, of at most", value: `${round(perSecond)}, ${round(most)}` },
    { what: "bytes a run on the disk", value: round(bytesARun) },
    { what: "answers, of them failed", value: `${answers}, ${failures}` },
    { what: "memory, MiB", value: range(({ mebibytes }) => mebibytes) },
    { what: "memory, slope in MiB a minute", value: round(slope(samples.map(({ minute, mebibytes }) => [minute, mebibytes])), 3) },
    { what: "file handles", value: range(({ handles }) => handles) },
    { what: "file handles, slope a minute", value: round(slope(samples.map(({ minute, handles }) => [minute, handles])), 3) },
  ]);
  await server.stop();
}

/** With its log. */
function databaseBytes(dataDir: string): number {
  const sizes = ["millrace.db", "millrace.db-wal"].map((file) => statSync(join(dataDir, file), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Retention, whose shortest time is a day, makes no room within a soak. */
function freeBytes(dataDir: string): number {
  const { bavail, bsize } = statfsSync(dataDir);
  return bavail * bsize;
}

/** Of the line with the least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([px]) => px)), mean(points.map(([, py]) => py))];
  const covariance = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  return covariance / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
}
