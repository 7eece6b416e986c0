import type { Action } from "#cli/command";
import { refuseUnknown } from "#cli/profile";
import { profileFolder, readProfiles, writeProfiles } from "#config/profiles";

export const run: Action = async (context, given) => {
  const name = given.argument(0);
  await refuseUnknown({ ...context.profile, name, source: "argument" });
  const folder = profileFolder(context.environment);
  const { settings } = await readProfiles(folder);
  await writeProfiles(folder, { current: name, settings });
  await context.output.data({ name }, { rows: [{ name }], names: [name], table: `  ${name}   in use\n` });
};
