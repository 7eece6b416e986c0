import { queryOptions } from "@tanstack/react-query";
import { callText, path } from "#api/client.ts";

/** The documentation of one error, as Markdown. It changes with the server's version only. */
export function errorPageQuery(type: string) {
  return queryOptions({
    queryKey: ["error-page", type],
    queryFn: ({ signal }) => callText(path("errors", type), { headers: { Accept: "text/markdown" }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
