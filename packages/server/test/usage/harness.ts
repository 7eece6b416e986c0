import type { Entry, Usage } from "@millrace/engine";
import { addUsage, NO_TOTALS, roundCredits } from "@millrace/engine";
import { DEFAULT_TENANT } from "#app";
import type { NewRun, Store } from "#store/store";
import { newRun } from "#store/testing/runs";

/** A run that is in the store with what it paid for, ended. */
export interface Spent {
  readonly run: Partial<NewRun>;
  readonly usage: readonly Usage[];
  /** Default: a second after acceptance. */
  readonly startedAt?: number;
  readonly output?: { readonly [name: string]: string };
  readonly status?: "SUCCEED" | "FAILED" | "RUNNING";
}

/** Resolves with the run's id. */
export async function spend(
  store: Store,
  { run: given, usage, startedAt, output = { text: "done" }, status = "SUCCEED" }: Spent,
): Promise<string> {
  const run = newRun({ owner: "nobody", ...given });
  const began = startedAt ?? run.acceptedAt + 1_000;
  const { credits, tokens } = addUsage(NO_TOTALS, usage);
  const totals = { totalCost: roundCredits(credits), totalTokens: tokens };
  const workflow = { id: run.workflowId, name: run.workflowName, version: run.version };
  const accepted: Entry = {
    type: "run-accepted",
    interpreter: 1,
    runId: run.id,
    workflow,
    input: { name: "tides" },
    userId: run.userId,
    seed: "00",
    at: run.acceptedAt,
  };
  const paid: Entry = { type: "node-finished", path: "ask", port: "out", output: {}, usage, attempt: 1, at: began };
  const summary = { startedAt: began, executionMs: 500, ...totals, errorType: null };
  const begun: readonly Entry[] = [accepted, { type: "run-started", at: began }, paid];
  if (status === "RUNNING") {
    await store.runs.accept(DEFAULT_TENANT, run, begun, { ...summary, status, endedAt: null });
    return run.id;
  }
  const error = { type: "llm_error", code: 502, message: "The model failed.", retryable: false };
  const how = status === "SUCCEED" ? { status, output } : { status, error };
  const ended = { ...summary, status, endedAt: began + 500, errorType: status === "FAILED" ? error.type : null };
  // At once: no other process may take it for a run that nobody drives.
  await store.runs.accept(DEFAULT_TENANT, run, [...begun, { type: "run-finished", ...how, ...totals, at: began + 500 }], ended);
  return run.id;
}
