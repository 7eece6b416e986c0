import type { Settings } from "#config/settings";

/** Base URLs of a Restate server, or of each node of a cluster: the next one is asked where one does not answer. */
export interface EngineAddresses {
  readonly ingress: readonly string[];
  readonly admin: readonly string[];
}

/** What workers are called there. */
export const ENGINE_SERVICES = { runs: "MillraceRun", health: "MillraceHealth" } as const;

/** Where a Restate server has its admin API, unless it is told otherwise. */
const ADMIN_PORT = "9070";

export function engineAddresses({ restateUrl, restateAdminUrl }: Pick<Settings, "restateUrl" | "restateAdminUrl">): EngineAddresses {
  const ingress = restateUrl?.split(",") ?? [];
  return { ingress, admin: restateAdminUrl?.split(",") ?? ingress.map((origin) => withPort(origin, ADMIN_PORT)) };
}

function withPort(origin: string, port: string): string {
  const url = new URL(origin);
  url.port = port;
  return url.origin;
}
