import { confirm } from "#cli/ask";
import { CliError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { profileFolder, readCredentials, readProfiles, writeCredentials, writeProfiles } from "#config/profiles";

export const run: Action = async (context, given) => {
  const name = given.argument(0);
  if (!context.profile.known.includes(name))
    throw new CliError("not_found", `there is no profile "${name}"`, EXIT.notFound, { hint: "millrace profiles list" });
  await confirm(context, "profiles delete", `Delete the profile ${name} and its key?`);
  const folder = profileFolder(context.environment);
  const { current, settings } = await readProfiles(folder);
  const { [name]: _settings, ...otherSettings } = settings;
  const { [name]: _credential, ...otherCredentials } = await readCredentials(folder);
  await writeCredentials(folder, otherCredentials);
  await writeProfiles(folder, { current: current === name ? null : current, settings: otherSettings });
  await context.output.data({ name, deleted: true }, { rows: [{ name, deleted: true }], names: [name], table: `  ${name}   deleted\n` });
};
