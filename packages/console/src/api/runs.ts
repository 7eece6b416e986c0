import type { BulkJobView, CreateBulkJobBody, NodeTrace, ReplayBody, ReplayPreview, RunDetail, RunHeader } from "@millrace/contract";
import { type Query as CachedQuery, type InfiniteData, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, type PageOf, path, type Query } from "#api/client.ts";
import { listQuery } from "#api/pages.ts";

/** How often a list or a run that goes on is read anew, ms. */
const LIST_EVERY_MS = 2_000;
const RUN_EVERY_MS = 400;

/** One page is kept up to date; whoever has gone further down is reading. */
export function runsQuery(filter: Query) {
  return infiniteQueryOptions({
    ...listQuery<RunHeader>("runs", "/api/v1/runs", filter),
    refetchInterval: ({ state }: { state: { data?: InfiniteData<PageOf<RunHeader>> | undefined } }) =>
      (state.data?.pages.length ?? 0) > 1 ? false : LIST_EVERY_MS,
  });
}

export function isOver({ status }: { readonly status: string }): boolean {
  return status === "SUCCEED" || status === "FAILED";
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: ["run", id],
    queryFn: ({ signal }) => call<RunDetail>(path("api", "v1", "runs", id), { signal }),
    refetchInterval: ({ state }: CachedQuery<RunDetail>) => (state.data && isOver(state.data) ? false : RUN_EVERY_MS),
    structuralSharing: true,
  });
}

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

const JOB_EVERY_MS = 500;

export const bulkJobQuery = (id: string) =>
  queryOptions({
    queryKey: ["bulk-job", id],
    queryFn: ({ signal }) => call<BulkJobView>(path("api", "v1", "bulk-jobs", id), { signal }),
    refetchInterval: ({ state }: CachedQuery<BulkJobView>) => (state.data && state.data.state !== "running" ? false : JOB_EVERY_MS),
  });

export type { BulkJobView, NodeTrace, ReplayBody, ReplayPreview, RunDetail, RunHeader };
