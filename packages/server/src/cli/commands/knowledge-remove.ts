import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const name = given.argument(1);
  await call(context, "DELETE", `/api/v1/knowledge/${segment(given.argument(0))}/documents/${segment(name)}`);
  await context.output.data({ name, deleted: true }, { rows: [{ name, deleted: true }], names: [name], table: `  ${name}   removed\n` });
};
