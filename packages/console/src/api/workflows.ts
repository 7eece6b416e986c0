import type { WorkflowSummary } from "@millrace/contract";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { call, type PageOf } from "#api/client.ts";

const PAGE = 50;

export const workflowsQuery = infiniteQueryOptions({
  queryKey: ["workflows"],
  queryFn: ({ pageParam, signal }) => call<PageOf<WorkflowSummary>>("/api/v1/workflows", { query: { limit: PAGE, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor ?? null,
});
