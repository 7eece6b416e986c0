import { migrateDataDir, planUpgrade } from "#app";
import { asBackupError, requireDataDir } from "#cli/backups";
import type { Action } from "#cli/command";
import { humanLog } from "#cli/serve/log";
import { serverSettings } from "#cli/server-settings";
import { aligned } from "#cli/table";
import type { Settings } from "#config/settings";

export const run: Action = async (context, given) => {
  const { settings } = serverSettings(context);
  requireDataDir(settings, "every start brings its schema up to date, one process at a time");
  const dryRun = given.on("dry-run");
  const { estimatedMs, ...plan } = await planned(settings, dryRun).catch((error: unknown) => {
    throw asBackupError(error, settings, context.cwd);
  });
  const steps = plan.steps.map(({ version, file }) => ({ version, name: file.replace(/\.sql$/, "") }));
  const when = dryRun ? `about ${Math.ceil(estimatedMs / 1_000)} s for all` : "done";
  const lines = steps.map(({ version, name }) => [String(version), name, when]);
  const table = steps.length === 0 ? `  schema ${plan.from}, nothing to do\n` : `${aligned(lines)}\n`;
  await context.output.data({ ...plan, estimatedMs, steps, dryRun }, { rows: steps, names: steps.map(({ name }) => name), table });
};

/** What is to be done; without `dryRun` it is done. */
async function planned(settings: Settings, dryRun: boolean) {
  const plan = planUpgrade(settings.dataDir);
  if (!dryRun && plan.steps.length > 0) await migrateDataDir(settings, humanLog(settings.logLevel).log);
  return plan;
}
