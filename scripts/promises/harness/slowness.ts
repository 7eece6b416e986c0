import { setTimeout as pause } from "node:timers/promises";

const SAMPLES = 200;
const PAUSE_MS = 5;

/** Of a machine that is slower than this nothing is judged by its time. */
const MOST = 3;

/** A few ms of work on memory. */
const TEXT = JSON.stringify(Array.from({ length: 4_000 }, (_, n) => ({ [`k${(n * 7_919) % 4_001}`]: [n, String(n)] })));

/**
 * How many times as long a piece of work takes in the middle as in the machine's best moments, in time of the processor: beside others it finds
 * its caches emptied, and does as little as half of its work in the same time. 1 on a machine that does nothing else.
 */
export async function slowness(): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    times.push(sample());
    await pause(PAUSE_MS);
  }
  // The counter goes in steps: what is shorter than one of them is nothing.
  const ordered = times.filter((time) => time > 0).toSorted((a, b) => a - b);
  const at = (share: number): number => ordered[Math.floor(ordered.length * share)] ?? 1;
  return Math.min(MOST, at(0.5) / at(0.1));
}

function sample(): number {
  const before = process.threadCpuUsage();
  JSON.parse(TEXT);
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}
