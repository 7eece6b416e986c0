import type { CreateRunShareAnswer, RunShareList, RunShareView, SharedRun } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path } from "#api/client.ts";
import { isOver } from "#api/runs.ts";

const sharesPath = (run: string, ...rest: readonly string[]) => path("api", "v1", "runs", run, "shares", ...rest);

/** Links to a run that work. */
export const sharesQuery = (run: string) =>
  queryOptions({ queryKey: ["run-shares", run], queryFn: ({ signal }) => call<RunShareList>(sharesPath(run), { signal }) });

export const createShare = (run: string, expiresInHours: number) =>
  call<CreateRunShareAnswer>(sharesPath(run), { method: "POST", body: { expiresInHours } });

export const revokeShare = ({ runId, id }: RunShareView) => call<undefined>(sharesPath(runId, id), { method: "DELETE" });

/** A stranger has no part in the stream of what changes: a run that goes on is asked for again. */
const AGAIN_MS = 2_000;

/** What a link shows, to whoever has its token. */
export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: ["shared", token],
    queryFn: ({ signal }) => call<SharedRun>(path("api", "v1", "shared", token), { signal }),
    refetchInterval: ({ state: { data, error } }) => (error !== null || (data && isOver(data.run)) ? false : AGAIN_MS),
    retry: false,
  });

export type { RunShareView };
