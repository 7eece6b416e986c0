import type { ModelList } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call } from "#api/client.ts";

/** Models that workflows may name, with what they cost. */
export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: async ({ signal }) => (await call<ModelList>("/api/v1/models", { signal })).data,
});
