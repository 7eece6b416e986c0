import { existsSync, renameSync } from "node:fs";
import { confirm } from "#cli/ask";
import { requireDataDir } from "#cli/backups";
import { CliError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import { readServerFile } from "#cli/server-file";
import { shownPath } from "#cli/shown-path";
import type { Settings } from "#config/settings";

/** Puts the data directory aside under a name of its own: nothing is deleted. */
export async function moveAside(context: CliContext, settings: Pick<Settings, "dataDir" | "databaseUrl">): Promise<void> {
  requireDataDir(settings, "name another database, or drop this one");
  const { dataDir } = settings;
  if (!existsSync(dataDir)) return;
  const shown = shownPath(context.cwd, dataDir);
  const running = readServerFile(dataDir);
  if (running)
    throw new CliError("data_dir_in_use", `a server runs in ${shown}: ${running.url}`, EXIT.conflict, {
      hint: `stop process ${running.pid} first`,
    });
  const aside = `${dataDir}.backup-${new Date()
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replace(/[-:T]/g, "")}`;
  await confirm(context, "dev --reset", `Begin anew? ${shown} is kept as ${shownPath(context.cwd, aside)}.`);
  renameSync(dataDir, aside);
  context.output.note(`${shown} is now ${shownPath(context.cwd, aside)}`);
}
