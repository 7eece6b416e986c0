import type { Whoami } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { ApiError, call } from "#api/client.ts";

/** Who is signed in; null where nobody is. The session itself is a cookie that no script can read. */
export const whoQuery = queryOptions({
  queryKey: ["whoami"],
  queryFn: async ({ signal }): Promise<Whoami | null> => {
    try {
      return await call<Whoami>("/api/v1/whoami", { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** Ends the session on the server too; one that has ended already is no matter. */
export async function signOut(): Promise<void> {
  await call("/api/v1/sign-out", { method: "POST" }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  });
}
