import { DEFAULT_TENANT } from "#app";
import { wordsFor } from "#cli/check/words";
import type { Action } from "#cli/command";
import { banner } from "#cli/dev/banner";
import { devKeys } from "#cli/dev/dev-keys";
import { readDotenv } from "#cli/dev/dotenv";
import { Flows } from "#cli/dev/flows";
import { moveAside } from "#cli/dev/reset";
import { watchFolder } from "#cli/dev/watch";
import { openBrowser } from "#cli/open-browser";
import { humanLog } from "#cli/serve/log";
import { nextFreePort } from "#cli/serve/ports";
import { serve } from "#cli/serve/serve";
import { serveError } from "#cli/serve/serve-error";
import { stopNow, stopRequest } from "#cli/serve/stopping";
import { serverSettings } from "#cli/server-settings";

export const run: Action = async (context, given) => {
  const environment = { ...readDotenv(context.cwd), ...context.environment };
  const asked = given.text("port");
  const { settings: wanted, warnings } = serverSettings(context, asked === undefined ? {} : { port: asked }, environment);
  for (const warning of warnings) context.output.note(`warning: ${warning}`);
  if (given.on("reset")) await moveAside(context, wanted);
  const stopping = stopRequest();
  const port = await nextFreePort(wanted.host, wanted.port).catch((error: unknown) => {
    throw serveError(error, wanted, context.cwd);
  });
  const settings = { ...wanted, port };
  const flows = new Flows(context, settings, await wordsFor(context));
  const serving = await serve({
    settings,
    log: humanLog(settings.logLevel).log,
    cwd: context.cwd,
    // As the snippets that it shows send them to `webhooks listen`.
    localReceivers: true,
    prepare: (app) => flows.load(app),
  });
  if (port !== wanted.port) context.output.note(`port ${wanted.port} is taken: using ${port}`);
  const first = flows.served[0] ?? null;
  const keys = await devKeys(serving.app, settings.dataDir, first);
  const admin = { tenantId: DEFAULT_TENANT, keyId: keys.admin.id };
  serving.app.operators.local.allow(admin);
  const { token } = await serving.app.operators.links.make(admin);
  const stopWatching = watchFolder(context, flows.folder, () => flows.reload(serving.app));
  const stopFollowing = flows.follow(serving.app);
  context.output.raw(banner({ context, settings, serving, flows, first, key: keys.first, signIn: token, readyMs: performance.now() }));
  if (given.on("open") && !(await openBrowser(`${serving.url}/login#link=${(await serving.app.operators.links.make(admin)).token}`)))
    context.output.note("nothing here opens a browser: open the link above");
  await stopping;
  stopWatching();
  stopFollowing();
  await stopNow(serving.stop, settings);
};
