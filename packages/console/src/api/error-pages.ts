import { queryOptions } from "@tanstack/react-query";
import { callText, path } from "#api/client.ts";

/** The documentation of one error in the language of the page, as Markdown. It changes with the server's version only. */
export function errorPageQuery(type: string, language: string) {
  return queryOptions({
    queryKey: ["error-page", type, language],
    queryFn: ({ signal }) => callText(path("errors", type), { headers: { Accept: "text/markdown", "Accept-Language": language }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
