import { confirm } from "#cli/ask";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const name = given.argument(0);
  await confirm(context, "prices remove", `Remove the price of ${name}?`);
  await call(context, "DELETE", `/api/v1/prices/${segment(name)}`);
  await context.output.data({ name, deleted: true }, { rows: [{ name, deleted: true }], names: [name], table: `  ${name}   removed\n` });
};
