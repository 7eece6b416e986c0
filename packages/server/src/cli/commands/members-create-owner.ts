import { LIMITS } from "@millrace/contract";
import { createOwner } from "#app";
import { askSecret } from "#cli/ask";
import { usageError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { memberRow } from "#cli/members";
import { humanLog } from "#cli/serve/log";
import { serveError } from "#cli/serve/serve-error";
import { serverSettings } from "#cli/server-settings";
import { readStdin } from "#cli/stdin";

export const run: Action = async (context, given) => {
  const email = given.argument(0).toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw usageError(`members create-owner: "${given.argument(0)}" is not an email address`);
  const { settings } = serverSettings(context);
  const password = await passwordOf(context, given);
  const owner = await createOwner(settings, humanLog("warn").log, { email, password }).catch((error: unknown) => {
    throw serveError(error, settings, context.cwd);
  });
  const { id, role, state, createdAt } = owner;
  const member = { id, email, ...(owner.name !== "" && { name: owner.name }), role, state, createdAt };
  await context.output.data(member, { rows: [memberRow(member)], names: [id] });
};

async function passwordOf(context: CliContext, given: Given): Promise<string> {
  const least = LIMITS.passwordCharacters.value;
  const asked = given.on("password-stdin")
    ? (await readStdin()).replace(/\r?\n$/, "")
    : await askSecret(context, "members create-owner", "--password-stdin", `Password (${least} characters or more): `);
  const length = [...asked].length;
  if (length >= least && length <= LIMITS.passwordCharactersMost.value) return asked;
  throw usageError(`members create-owner: the password has ${length} characters, not ${least} to ${LIMITS.passwordCharactersMost.value}`);
}
