import type { Json } from "@millrace/contract";
import { describe, TerminalError } from "@millrace/engine";

/** The items of a loop or batch: null is none. @throws TerminalError `type_error` for what is no array, `loop_limit` for too many. */
export function itemsOf(value: Json, maxIterations: number): readonly Json[] {
  if (value !== null && !Array.isArray(value))
    throw new TerminalError("type_error", `items must be an array or null, and it is ${describe(value)}.`);
  const items: readonly Json[] = value ?? [];
  checkCount(items.length, maxIterations);
  return items;
}

/** Before the first iteration: a loop that cannot end well does nothing at all. */
export function checkCount(count: number, maxIterations: number): void {
  if (count <= maxIterations) return;
  throw new TerminalError(
    "loop_limit",
    `There are ${count} iterations, and at most ${maxIterations} are allowed (MILLRACE_LOOP_MAX_ITERATIONS).`,
  );
}
