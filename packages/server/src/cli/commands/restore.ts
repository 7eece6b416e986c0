import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { restore } from "#app";
import { confirm } from "#cli/ask";
import { asBackupError, backupView, requireDataDir } from "#cli/backups";
import type { Action } from "#cli/command";
import { serverSettings } from "#cli/server-settings";
import { shownPath } from "#cli/shown-path";

export const run: Action = async (context, given) => {
  const { settings } = serverSettings(context);
  requireDataDir(settings, "pg_restore puts a copy back");
  const file = resolve(context.cwd, given.argument(0));
  const target = resolve(context.cwd, given.text("to") ?? settings.dataDir);
  const shown = shownPath(context.cwd, target);
  const overwrite = existsSync(target) && readdirSync(target).length > 0;
  if (overwrite) await confirm(context, "restore", `${shown} is not empty: put the backup in place of its database, which is kept aside?`);
  const options = { file, target, overwrite, now: Date.now() };
  const { manifest, aside } = await restore(options).catch((error: unknown) => {
    throw asBackupError(error, { ...settings, dataDir: target }, context.cwd);
  });
  const kept = aside === null ? null : shownPath(context.cwd, aside);
  if (kept !== null) context.output.note(`the database that was there is now in ${kept}`);
  if (settings.secretKey === null && !existsSync(resolve(target, "secret.key")))
    context.output.note(
      `put the secret.key of the old server into ${shown} before a server starts there: what is sealed needs it, and its API keys`,
    );
  await context.output.data(
    { dataDir: shown, aside: kept, ...backupView(manifest) },
    {
      rows: [{ dataDir: shown, runs: manifest.rows["runs"] ?? 0 }],
      names: [shown],
    },
  );
};
