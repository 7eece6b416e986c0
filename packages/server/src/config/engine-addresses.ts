import type { Settings } from "#config/settings";

/** Base URLs of a Restate server, or of each node of a cluster: the next one is asked where one does not answer. */
export interface EngineAddresses {
  readonly ingress: readonly string[];
  readonly admin: readonly string[];
  readonly services: EngineServices;
}

/** What the services of workers are called there. */
export interface EngineServices {
  readonly runs: string;
  readonly health: string;
}

/** Where a Restate server has its admin API, unless it is told otherwise. */
const ADMIN_PORT = "9070";

type EngineSettings = Pick<Settings, "restateUrl" | "restateAdminUrl" | "restatePrefix">;

export function engineAddresses({ restateUrl, restateAdminUrl, restatePrefix }: EngineSettings): EngineAddresses {
  const ingress = restateUrl?.split(",") ?? [];
  return {
    ingress,
    admin: restateAdminUrl?.split(",") ?? ingress.map((origin) => withPort(origin, ADMIN_PORT)),
    services: { runs: `${restatePrefix}Run`, health: `${restatePrefix}Health` },
  };
}

function withPort(origin: string, port: string): string {
  const url = new URL(origin);
  url.port = port;
  return url.origin;
}
