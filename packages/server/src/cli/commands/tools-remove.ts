import { confirm } from "#cli/ask";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const name = given.argument(0);
  await confirm(context, "tools remove", `Remove the tools ${name}? Nodes that call them fail from then on.`);
  await call(context, "DELETE", `/api/v1/tools/${segment(name)}`);
  await context.output.data({ name, deleted: true }, { rows: [{ name, deleted: true }], names: [name], table: `  ${name}   removed\n` });
};
