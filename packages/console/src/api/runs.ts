import {
  type BulkJobView,
  type CreateBulkJobBody,
  type Json,
  type NodeTrace,
  type ReplayBody,
  type ReplayPreview,
  type RunDetail,
  type RunErrorGroups,
  type RunHeader,
  toPointer,
  type ValuePreview,
} from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path, type Query } from "#api/client.ts";
import { listQuery } from "#api/pages.ts";

export const runsQuery = (filter: Query) => listQuery<RunHeader>("runs", "/api/v1/runs", filter);

/** Failed runs by their cause: within a time, of a workflow, … */
export const runErrorsQuery = (filter: Query) =>
  queryOptions({
    queryKey: ["run-errors", filter],
    queryFn: ({ signal }) => call<RunErrorGroups>("/api/v1/runs/errors", { query: filter, signal }),
  });

export function isOver({ status }: { readonly status: string }): boolean {
  return status === "SUCCEED" || status === "FAILED";
}

/** A run with its trace. Long values are previews: `getValue` brings them. */
export function runQuery(id: string) {
  return queryOptions({
    queryKey: ["run", id],
    queryFn: ({ signal }) => call<RunDetail>(path("api", "v1", "runs", id), { query: { preview: true }, signal }),
  });
}

/** The address of a value of a run: `input`, `output`, or what a trace or a preview names. `link`: the token that a stranger reads it by. */
export const valuePath = (run: string, value: string, link: string | null = null) =>
  link === null ? path("api", "v1", "runs", run, "values", value) : path("api", "v1", "shared", link, "values", value);

/** A value does not change any more. */
export const valueQuery = (run: string, value: string, link: string | null = null) =>
  queryOptions({
    queryKey: ["run-value", run, value],
    queryFn: ({ signal }) => call<unknown>(valuePath(run, value, link), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The same of a member of the value, which may be far smaller. */
export const memberQuery = (run: string, value: string, field: readonly string[]) =>
  queryOptions({
    queryKey: ["run-value", run, value, toPointer(field)],
    queryFn: ({ signal }) => call<Json>(valuePath(run, value, null), { query: { at: toPointer(field) }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Runs that began with this one: its replays and retries. */
export const replaysQuery = (id: string) => listQuery<RunHeader>("replays", "/api/v1/runs", { starter: id });

/** What happened, in the journal's own words. */
export interface JournalEntry {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
}

/** As many entries as a page may have: the journal is read whole when somebody looks at it. */
export const journalQuery = (id: string) =>
  listQuery<JournalEntry>(`journal-${id}`, path("api", "v1", "runs", id, "journal"), { limit: 100 });

export const cancelRun = (id: string) => call<RunHeader>(path("api", "v1", "runs", id, "cancel"), { method: "POST" });

export const replayRun = (id: string, body: ReplayBody) =>
  call<{ readonly workflowRunId: string }>(path("api", "v1", "runs", id, "replay"), { method: "POST", body });

export const replayPreviewQuery = (id: string, body: ReplayBody) =>
  queryOptions({
    queryKey: ["replay-preview", id, body],
    queryFn: ({ signal }) => call<ReplayPreview>(path("api", "v1", "runs", id, "replay-preview"), { method: "POST", body, signal }),
    staleTime: 0,
  });

export const startBulkJob = (body: CreateBulkJobBody) => call<BulkJobView>("/api/v1/bulk-jobs", { method: "POST", body });

export const stopBulkJob = (id: string) => call<BulkJobView>(path("api", "v1", "bulk-jobs", id, "stop"), { method: "POST" });

export const bulkJobQuery = (id: string) =>
  queryOptions({
    queryKey: ["bulk-job", id],
    queryFn: ({ signal }) => call<BulkJobView>(path("api", "v1", "bulk-jobs", id), { signal }),
  });

export type { BulkJobView, NodeTrace, ReplayBody, ReplayPreview, RunDetail, RunHeader, ValuePreview };
