import type { Acknowledgement, Json, JsonObject, RunDetail, RunHeader } from "@millrace/contract";
import { call, type PageOf, path } from "#api/client.ts";

/** A node's output that stands in for running it. */
export interface Pinned {
  readonly output: Json;
  readonly port?: string;
}

export interface DraftRunRequest {
  readonly input?: JsonObject;
  /** only: the node alone; upTo: what leads to it and the node; from: the node and what follows. Absent: the whole draft. */
  readonly target?: { readonly node: string; readonly mode: "only" | "upTo" | "from" };
  readonly pins?: Readonly<Record<string, Pinned>>;
  /** An ended run whose results are taken over where they hold. */
  readonly baseRun?: string;
  /** A node whose first attempt is made to fail. */
  readonly failOnce?: string;
  /** A node during whose first attempt the run loses its process, to be resumed from its journal. */
  readonly crashOnce?: string;
}

/** Runs the draft as it is saved; acknowledged at once. */
export function runDraft(workflowId: string, request: DraftRunRequest): Promise<Acknowledgement> {
  return call<Acknowledgement>(path("api", "v1", "workflows", workflowId, "draft", "runs"), { method: "POST", body: request });
}

export function getRun(runId: string, signal?: AbortSignal): Promise<RunDetail> {
  return call<RunDetail>(path("api", "v1", "runs", runId), { signal });
}

/** The latest runs of a workflow, newest first. */
export function latestRuns(workflowId: string, signal?: AbortSignal): Promise<PageOf<RunHeader>> {
  return call<PageOf<RunHeader>>("/api/v1/runs", { query: { workflow: workflowId, limit: 20 }, signal });
}

export function cancelRun(runId: string): Promise<unknown> {
  return call(path("api", "v1", "runs", runId, "cancel"), { method: "POST" });
}
