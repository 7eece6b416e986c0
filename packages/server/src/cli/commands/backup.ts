import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { backUp } from "#app";
import { confirm } from "#cli/ask";
import { asBackupError, backupView, requireDataDir } from "#cli/backups";
import type { Action } from "#cli/command";
import { serverSettings } from "#cli/server-settings";
import { shownPath } from "#cli/shown-path";

export const run: Action = async (context, given) => {
  const { settings } = serverSettings(context);
  requireDataDir(settings, "pg_dump writes a copy of it");
  const { dataDir, version } = settings;
  const file = resolve(context.cwd, given.argument(0));
  const shown = shownPath(context.cwd, file);
  if (existsSync(file)) await confirm(context, "backup", `${shown} exists: replace it?`);
  const manifest = await backUp({ dataDir, file, version, now: Date.now() }).catch((error: unknown) => {
    throw asBackupError(error, settings, context.cwd);
  });
  const secret = settings.secretKey === null ? `${shownPath(context.cwd, dataDir)}/secret.key` : "MILLRACE_SECRET_KEY";
  context.output.note(`the secret key is not in it: keep ${secret} in another place, without it no API key of this backup works`);
  await context.output.data(
    { file: shown, bytes: statSync(file).size, ...backupView(manifest), secretKeyIncluded: false },
    {
      rows: [{ file: shown, runs: manifest.rows["runs"] ?? 0 }],
      names: [shown],
    },
  );
};
