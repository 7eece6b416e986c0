import { type App, createApp, DEFAULT_TENANT } from "#app";
import { serveError } from "#cli/serve/serve-error";
import { removeServerFile, writeServerFile } from "#cli/server-file";
import type { Settings } from "#config/settings";
import { forgetStart } from "#heap";
import type { Logger } from "#log";

export interface Serving {
  readonly app: App;
  /** Where this machine reaches it. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly cwd: string;
  /** Webhooks may go to this machine. */
  readonly localReceivers?: boolean;
  /** What must be there before the first request. */
  prepare(app: App): Promise<void>;
}

/** After this long the first callers of a server that was started for them have their answers. */
const SETTLED_MS = 200;

/** Starts the server and tells the other commands on this machine where it is. Throws CliError, InvalidSetting. */
export async function serve({ settings, log, cwd, localReceivers = false, prepare }: ServeOptions): Promise<Serving> {
  const app = await createApp(settings, log, { localReceivers }).catch((error: unknown) => {
    throw serveError(error, settings, cwd);
  });
  try {
    if (settings.adminKey !== null) await adoptAdminKey(app, settings.adminKey);
    await prepare(app);
    const port = await app.listen();
    const url = `http://${reachable(settings.host)}:${port}`;
    // A worker answers none of them.
    if (settings.role !== "worker") writeServerFile(settings.dataDir, { url, pid: process.pid, startedAt: Date.now() });
    setTimeout(() => settle(app, log), SETTLED_MS).unref();
    const stop = async () => {
      removeServerFile(settings.dataDir);
      await app.close();
    };
    return { app, url, port, stop };
  } catch (error) {
    // Whatever kept it from starting may keep it from closing in order: the first of the two is what is told.
    await app.close().catch((again: unknown) => log.warn({ err: again }, "what was begun could not be closed in order"));
    throw serveError(error, settings, cwd);
  }
}

/** What only the start has needed may go. */
function settle({ store }: App, log: Logger): void {
  forgetStart((fields, message) => log.warn(fields, message));
  store.forgetStart();
}

/** Known from the first start with it, of whichever process; one that was revoked stays revoked. */
async function adoptAdminKey(app: App, key: string): Promise<void> {
  const isKnown = async () => (await app.store.keys.findByHash(app.apiKeys.hash(key))) !== null;
  if (await isKnown()) return;
  try {
    await app.apiKeys.adopt(DEFAULT_TENANT, key, { name: "MILLRACE_ADMIN_KEY", scopes: ["admin"] });
  } catch (error) {
    // Another process that was started at the same time may have been quicker.
    if (!(await isKnown())) throw error;
  }
}

/** An address that means all addresses is reached at this machine's own. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
