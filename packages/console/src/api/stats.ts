import type { RunStatsAnswer } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call } from "#api/client.ts";

/** Figures are read anew this often while somebody looks, ms. */
const EVERY_MS = 10_000;

export const runStatsQuery = (hours: number) =>
  queryOptions({
    queryKey: ["run-stats", hours],
    queryFn: ({ signal }) => call<RunStatsAnswer>("/api/v1/runs/stats", { query: { hours }, signal }),
    refetchInterval: EVERY_MS,
  });
