import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, canPass } from "#api/client.ts";

/** Tries of one query: what the server refused is not asked again, what may pass is. */
const RETRIES = 3;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** @param ended called when the server no longer takes the session that there was */
export function createQueryClient(ended: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) ended();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // The server may be on this machine: whether the machine is on a network says nothing.
        networkMode: "always",
        retry: (failures, error) => failures < RETRIES && canPass(error),
        retryDelay: (failures, error) => {
          const asked = error instanceof ApiError ? error.retryAfterMs : null;
          return Math.min(asked ?? FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
        },
        staleTime: 2_000,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
