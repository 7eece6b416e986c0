import { DEFAULT_TENANT } from "#app";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { humanLog, jsonLog } from "#cli/serve/log";
import { serve } from "#cli/serve/serve";
import { stopNow, stopRequest } from "#cli/serve/stopping";
import { serverSettings } from "#cli/server-settings";
import { shownData } from "#cli/shown-data";
import { InvalidSetting } from "#config/read-variable";
import { VARIABLES } from "#config/variables";

export const run: Action = async (context, given) => {
  const stopping = stopRequest();
  const [port, role] = [given.text("port"), given.text("role")];
  const { settings, warnings } = serverSettings(context, { ...(port !== undefined && { port }), ...(role !== undefined && { role }) });
  if (settings.role !== "all" && settings.databaseUrl === null)
    throw new InvalidSetting(VARIABLES.role.name, settings.role, `all, unless ${VARIABLES.databaseUrl.name} names a database to share`);
  const terminal = process.stdout.isTTY === true;
  const lines = terminal ? humanLog(settings.logLevel) : jsonLog(settings.logLevel);
  const { log } = lines;
  for (const warning of warnings) log.warn({}, warning);
  const serving = await serve({ settings, log, cwd: context.cwd, prepare: async () => undefined });
  const { url } = serving;
  const data = shownData(settings, context.cwd);
  // Told at every log level: who starts it must learn the port.
  const line = terminal
    ? `  Millrace ${settings.version}  ${url}   data ${data}`
    : JSON.stringify({ level: "info", time: Date.now(), msg: `listening on ${url}`, url, pid: process.pid, dataDir: data });
  context.output.raw(`${line}\n`);
  if ((await serving.app.apiKeys.list(DEFAULT_TENANT)).length === 0)
    log.warn({}, "no API key exists: set MILLRACE_ADMIN_KEY to bring one along");
  const setup = await serving.app.operators.members.openSetup(DEFAULT_TENANT);
  // Worth nothing once it was used, and after an hour in any case.
  if (setup !== null)
    log.warn({ setup: `${settings.publicUrl ?? url}/setup#${setup}` }, "no owner exists: open this link within an hour to make the first");
  await stopping;
  await stopNow(serving.stop, settings);
  if (!(await lines.end())) process.exit(EXIT.ok);
};
