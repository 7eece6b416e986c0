import type { Whoami } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { maskedKey } from "#cli/masked-key";
import { serverSettings } from "#cli/server-settings";
import { aligned } from "#cli/table";
import { CLIENT_VARIABLES, VARIABLES, type VariableName } from "#config/variables";

interface SettingRow {
  readonly name: string;
  readonly variable: string;
  /** A secret is masked; null: not set. */
  readonly value: string | number | null;
  readonly source: string;
}

export const run: Action = async (context) => {
  const { settings, sources, warnings } = serverSettings(context);
  const { endpoint, endpointSource, apiKey, apiKeySource } = await context.connect();
  const own = (Object.keys(VARIABLES) as VariableName[]).map((name): SettingRow => {
    const { name: variable, secret } = VARIABLES[name];
    const value = settings[name];
    return { name, variable, value: secret && value !== null && value !== "" ? "***" : value, source: sources[name] };
  });
  const { name: profile, source: profileSource } = context.profile;
  const rows: SettingRow[] = [
    { name: "profile", variable: CLIENT_VARIABLES.profile.name, value: profile, source: profileSource },
    { name: "endpoint", variable: CLIENT_VARIABLES.endpoint.name, value: endpoint, source: endpointSource },
    { name: "apiKey", variable: CLIENT_VARIABLES.apiKey.name, value: apiKey === null ? null : maskedKey(apiKey), source: apiKeySource },
    { name: "output", variable: CLIENT_VARIABLES.output.name, value: context.output.form, source: context.output.source },
    ...own,
  ];
  for (const warning of warnings) context.output.note(`warning: ${warning}`);
  const { key, problem } = await askServer(context);
  const table = `${aligned(rows.map(({ variable, value, source }) => [variable, String(value ?? "-"), source]))}\n${keyText(key, problem)}\n`;
  const view = rows.map(({ name, value, source }) => ({ name, value, source }));
  await context.output.data({ settings: rows, key, problem }, { rows: view, names: rows.map(({ name }) => name), table });
};

/** What the server says of the key; a server that cannot be asked is no reason to print nothing. */
async function askServer(context: CliContext): Promise<{ key: Whoami | null; problem: string | null }> {
  const { apiKey } = await context.connect();
  if (apiKey === null) return { key: null, problem: "no key is known" };
  try {
    return { key: (await call(context, "GET", "/api/v1/whoami")).json as Whoami, problem: null };
  } catch (error) {
    if (error instanceof CliError) return { key: null, problem: `${error.type}: ${error.message}` };
    throw error;
  }
}

function keyText(key: Whoami | null, problem: string | null): string {
  if (key === null) return problem ?? "";
  const workflows = key.workflows.map(({ name }) => name).join(", ") || "every workflow";
  return `key ${key.keyId}${key.name === undefined ? "" : ` (${key.name})`}: ${key.scopes.join(", ")}${key.role === undefined ? "" : ` (${key.role})`} of ${workflows}; server ${key.serverVersion}`;
}
