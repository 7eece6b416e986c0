import type { SecretView } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { readSecret } from "#cli/read-secret";

export const run: Action = async (context, given) => {
  const name = given.argument(0);
  const value = await readSecret(context, `millrace secrets set ${name}`, "the value");
  const { json } = await call(context, "PUT", `/api/v1/secrets/${segment(name)}`, { body: { value } });
  const secret = json as SecretView;
  const isNew = secret.createdAt === secret.updatedAt;
  const row = { name, set: isNew ? "new" : "replaced", workflows: secret.workflows.map((one) => one.name).join(", ") };
  await context.output.data(secret, { rows: [row], names: [name] });
};
