import type { BackupsView, CheckList, SystemView } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { ApiError, call, path } from "#api/client.ts";

/** Words of the answers; "ok", or what is wrong. */
interface Ready {
  readonly checks: Readonly<Record<string, string>>;
}

/** Its state is asked for this often: a disk that fills up tells nobody. */
const EVERY_MS = 10_000;

/** What the server says of itself; a check that failed is in the body of its 503. */
export const readyQuery = queryOptions({
  queryKey: ["ready"],
  queryFn: async ({ signal }): Promise<Ready & { readonly message: string | null }> => {
    try {
      return { ...(await call<Ready>("/readyz", { signal })), message: null };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { checks: {}, message: error.message };
    }
  },
  refetchInterval: EVERY_MS,
  // Whoever cannot be reached is to be seen as such at once.
  retry: false,
});

export const versionOfServerQuery = queryOptions({
  queryKey: ["server-version"],
  queryFn: ({ signal }) => call<{ readonly version: string; readonly engine: string }>("/version", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: ({ signal }) => call<SystemView>("/api/v1/system", { signal }),
  refetchInterval: EVERY_MS,
});

export const checksQuery = queryOptions({
  queryKey: ["system-checks"],
  queryFn: async ({ signal }) => (await call<CheckList>("/api/v1/system/checks", { signal })).data,
  staleTime: 0,
});

/** While one is being made its share is asked for this often. */
const BACKUP_MS = 1_000;

export const backupsQuery = queryOptions({
  queryKey: ["backups"],
  queryFn: ({ signal }) => call<BackupsView>("/api/v1/system/backups", { signal }),
  refetchInterval: ({ state: { data } }) => (data?.running ? BACKUP_MS : false),
  retry: false,
});

export const startBackup = () => call<BackupsView>("/api/v1/system/backups", { method: "POST" });

export const backupPath = (name: string) => path("api", "v1", "system", "backups", name);
