import type { RunStatsAnswer } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call } from "#api/client.ts";

export const runStatsQuery = (hours: number) =>
  queryOptions({
    queryKey: ["run-stats", hours],
    queryFn: ({ signal }) => call<RunStatsAnswer>("/api/v1/runs/stats", { query: { hours }, signal }),
  });
