import type { Whoami } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { maskedKey } from "#cli/masked-key";
import { readSecret } from "#cli/read-secret";
import { profileFolder, readCredentials, readProfiles, writeCredentials, writeProfiles } from "#config/profiles";

export const run: Action = async (context) => {
  const { profile } = context;
  const { endpoint } = await context.connect({ newProfile: true });
  const apiKey = (await readSecret(context, "millrace login", `API key for ${endpoint}`)).trim();
  const asked = { ...context, connect: async () => ({ endpoint, endpointSource: "login", apiKey, apiKeySource: "login" }) };
  const key = (await call(asked, "GET", "/api/v1/whoami")).json as Whoami;
  const folder = profileFolder(context.environment);
  const { current, settings } = await readProfiles(folder);
  await writeProfiles(folder, { current, settings: { ...settings, [profile.name]: { ...settings[profile.name], endpoint } } });
  await writeCredentials(folder, { ...(await readCredentials(folder)), [profile.name]: { endpoint, apiKey } });
  const workflows = key.workflows.map(({ name }) => name);
  const reached = workflows.join(", ") || "every workflow";
  await context.output.data(
    { profile: profile.name, endpoint, keyId: key.keyId, scopes: key.scopes, workflows },
    {
      rows: [{ profile: profile.name, endpoint, key: maskedKey(apiKey) }],
      names: [profile.name],
      table: `  ${profile.name}   ${endpoint}   ${key.scopes.join(", ")} of ${reached}\n`,
    },
  );
  context.output.note(`The key is in ${folder}/credentials, which only you can read.`);
};
