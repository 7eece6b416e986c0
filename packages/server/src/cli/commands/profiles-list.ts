import type { Action } from "#cli/command";
import { maskedKey } from "#cli/masked-key";
import { profileFolder, readCredentials, readProfiles } from "#config/profiles";

export const run: Action = async (context) => {
  const folder = profileFolder(context.environment);
  const { settings } = await readProfiles(folder);
  const credentials = await readCredentials(folder);
  const data = context.profile.known.map((name) => {
    const { endpoint = null } = settings[name] ?? {};
    const key = credentials[name]?.apiKey;
    return { name, inUse: name === context.profile.name, endpoint, key: key === undefined ? null : maskedKey(key) };
  });
  const rows = data.map(({ name, inUse, endpoint, key }) => ({ profile: name, inUse: inUse ? "in use" : "", endpoint, key }));
  await context.output.data({ data }, { rows, names: data.map(({ name }) => name) });
};
