import type { Scope } from "@millrace/contract";
import pino from "pino";
import { createApp } from "../../../packages/server/src/app.ts";
import { loadSettings } from "../../../packages/server/src/config/load-settings.ts";
import { environmentAlone } from "../forms/forms.ts";

/** A key of a tenant that no server is asked for yet: made in the data directory before a server runs there. */
export async function createTenantKey(dataDir: string, tenantId: string, scopes: readonly Scope[]): Promise<string> {
  const { settings } = loadSettings(await environmentAlone({ MILLRACE_DATA_DIR: dataDir }), { port: "0" }, "0.0.0-promises");
  const app = await createApp(settings, pino({ level: "silent" }));
  const { key } = await app.apiKeys.create(tenantId, { scopes });
  await app.close();
  return key;
}
