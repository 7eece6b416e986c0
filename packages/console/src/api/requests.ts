import type { RefusedRequestView } from "@millrace/contract";
import type { Query } from "#api/client.ts";
import { listQuery } from "#api/pages.ts";

/** What the run API refused of callers that it knows, newest first. */
export const requestsQuery = (filter: Query) => listQuery<RefusedRequestView>("requests", "/api/v1/requests", filter);

export type { RefusedRequestView };
