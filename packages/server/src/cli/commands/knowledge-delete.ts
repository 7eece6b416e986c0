import { confirm } from "#cli/ask";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const name = given.argument(0);
  await confirm(context, "knowledge delete", `Delete the knowledge base ${name} with all its documents?`);
  await call(context, "DELETE", `/api/v1/knowledge/${segment(name)}`);
  await context.output.data({ name, deleted: true }, { rows: [{ name, deleted: true }], names: [name], table: `  ${name}   deleted\n` });
};
