import type { RunAccepted } from "@millrace/engine";
import type { Retry, RunToStart } from "#runtime/runtime";
import type { NewRun } from "#store/store";

/** Journals are replayed for ever: what changes replay gets the next number. */
export const INTERPRETER = 1;

/** The first entry of a new run. */
export function acceptedEntry(
  run: NewRun,
  start: RunToStart,
  { now, newSeed }: { readonly now: number; newSeed(): string },
): RunAccepted & { at: number } {
  return {
    type: "run-accepted",
    interpreter: INTERPRETER,
    runId: run.id,
    workflow: { id: run.workflowId, name: run.workflowName, version: run.version },
    input: start.input,
    userId: run.userId,
    // What is reused was made of the source's chance, and what is to come has to agree with it.
    seed: seedOf(start.retry) ?? newSeed(),
    ...(start.startAt !== undefined && { startAt: start.startAt }),
    ...(start.retry && { retryOf: start.retry.of }),
    ...(start.caller && { caller: start.caller }),
    ...(start.traceparent !== undefined && { traceparent: start.traceparent }),
    ...(start.draft && { draft: start.draft }),
    at: Math.max(run.acceptedAt, now),
  };
}

function seedOf(retry: Retry | undefined): string | null {
  const accepted = retry?.journal?.[0];
  return accepted?.type === "run-accepted" ? accepted.seed : null;
}
