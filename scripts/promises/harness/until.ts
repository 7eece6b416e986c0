import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 10;

/** Waits for a condition; throws when it has not come true within the time. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await pause(POLL_MS);
  }
}
