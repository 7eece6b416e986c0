import type { Json, JsonObject } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import type { Claim, NewRun, RunStore, RunSummary } from "#store/store";
import { TENANT } from "#store/testing/fixture";

const WORKFLOW_ID = "0123456789abcdef01234567";
export const AT = Date.UTC(2026, 0, 1);

/** Processes of one test make different ids. */
const PROCESS = (process.pid % 0x1000000).toString(16).padStart(6, "0");
let made = 0;

/** Ids ascend in the order of making, as in life. */
export function newRun(values: Partial<NewRun> = {}): NewRun {
  const acceptedAt = values.acceptedAt ?? AT;
  const time = acceptedAt.toString(16).padStart(12, "0");
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${PROCESS}${(++made).toString(16).padStart(6, "0")}`;
  return {
    id,
    workflowId: WORKFLOW_ID,
    workflowName: "todayNews",
    version: "1.0.0",
    userId: null,
    keyId: null,
    origin: null,
    owner: "owner-1",
    acceptedAt,
    ...values,
  };
}

export function accepted(run: NewRun, input: JsonObject = { topic: "AI" }): Entry {
  const workflow = { id: run.workflowId, name: run.workflowName, version: run.version };
  return { type: "run-accepted", interpreter: 1, runId: run.id, workflow, input, userId: run.userId, seed: "00", at: run.acceptedAt };
}

export function nodeFinished(path: string, output: Json, at = AT): Entry {
  return { type: "node-finished", path, port: "out", output, at };
}

export function finished(output: JsonObject = { news: "none" }, at = AT + 10): Entry {
  return { type: "run-finished", status: "SUCCEED", output, totalCost: 0.0125, totalTokens: 42, at };
}

export function failed(at = AT + 10): Entry {
  const error = { type: "http_503", code: 502, message: "The server is away.", retryable: true, nodeId: "fetch", nodeName: "Fetch" };
  return { type: "run-finished", status: "FAILED", error, totalCost: 0, totalTokens: 0, at };
}

export const PENDING: RunSummary = {
  status: "PENDING",
  startedAt: null,
  endedAt: null,
  executionMs: 0,
  totalCost: 0,
  totalTokens: 0,
  errorType: null,
};
export const RUNNING: RunSummary = { ...PENDING, status: "RUNNING", startedAt: AT + 1 };
export const SUCCEEDED: RunSummary = {
  ...RUNNING,
  status: "SUCCEED",
  endedAt: AT + 10,
  executionMs: 9,
  totalCost: 0.0125,
  totalTokens: 42,
};
export const FAILED: RunSummary = { ...RUNNING, status: "FAILED", endedAt: AT + 10, executionMs: 9, errorType: "http_503" };

export function acceptRunning(runs: RunStore, run: NewRun, input?: JsonObject): Promise<Claim> {
  return runs.accept(TENANT, run, [accepted(run, input), { type: "run-started", at: AT + 1 }], RUNNING);
}

export function acceptEnded(runs: RunStore, run: NewRun, input?: JsonObject, output?: JsonObject): Promise<Claim> {
  return runs.accept(TENANT, run, [accepted(run, input), finished(output)], SUCCEEDED);
}

export function acceptFailed(runs: RunStore, run: NewRun): Promise<Claim> {
  return runs.accept(TENANT, run, [accepted(run), failed()], FAILED);
}
