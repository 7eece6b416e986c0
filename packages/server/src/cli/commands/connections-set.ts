import { type ConnectionView, type Credential, modelProvider, type PutConnectionBody } from "@millrace/contract";
import { CliError, usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { connectionRow } from "#cli/connection-row";
import { settingsOf } from "#cli/connection-settings";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import type { Given } from "#cli/given";
import { readSecret } from "#cli/read-secret";

export const run: Action = async (context, given) => {
  const name = given.argument(0);
  const path = `/api/v1/connections/${segment(name)}`;
  const before = await existing(context, path);
  const provider = given.text("provider") ?? before?.provider;
  const preset = provider === undefined ? undefined : modelProvider(provider);
  const baseUrl = given.text("base-url") ?? before?.baseUrl;
  if (baseUrl === undefined && !preset?.baseUrl)
    throw usageError(
      "connections set: --base-url is missing",
      preset ? `each ${preset.title} has its own` : `there is no connection ${name} yet`,
    );
  const body: PutConnectionBody = {
    ...(provider !== undefined && { provider }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...hostsOf(given, before, baseUrl),
    settings: settingsOf(before?.settings ?? {}, given.list("setting")),
    ...(await credentialOf(context, given, name)),
  };
  const { json } = await call(context, "PUT", path, { body });
  const connection = json as ConnectionView;
  await context.output.data(connection, { rows: [connectionRow(connection, Date.now())], names: [name] });
};

/** What the flags do not say stays as it is. */
async function existing(context: CliContext, path: string): Promise<ConnectionView | null> {
  try {
    return (await call(context, "GET", path)).json as ConnectionView;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.notFound) return null;
    throw error;
  }
}

/** Those of another base URL follow from it. */
function hostsOf(given: Given, before: ConnectionView | null, baseUrl: string | undefined): Pick<PutConnectionBody, "hosts"> {
  const hosts = given.list("host");
  const kept = before !== null && before.baseUrl === baseUrl ? before.hosts : [];
  const all = hosts.length > 0 ? [...hosts] : [...kept];
  return all.length > 0 ? { hosts: all } : {};
}

async function credentialOf(context: CliContext, given: Given, name: string): Promise<Pick<PutConnectionBody, "credential">> {
  const type = given.text("auth") ?? "key";
  if (type === "keep") return {};
  if (type === "none") return { credential: null };
  const field = given.text("field");
  const username = given.text("user");
  if (type === "basic" && username === undefined) throw usageError("connections set: --user is missing", "--auth basic needs one");
  if ((type === "header" || type === "query") && field === undefined)
    throw usageError("connections set: --field is missing", `--auth ${type} needs the name that the credential goes under`);
  const value = await readSecret(context, `millrace connections set ${name}`, "the credential");
  return {
    credential: { type, value, ...(username !== undefined && { username }), ...(field !== undefined && { name: field }) } as Credential,
  };
}
