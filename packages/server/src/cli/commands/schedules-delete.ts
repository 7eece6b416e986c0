import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const id = given.argument(0);
  await call(context, "DELETE", `/api/v1/schedules/${segment(id)}`);
  await context.output.data({ id, deleted: true }, { rows: [{ id, deleted: true }], names: [id], table: `  ${id}   deleted\n` });
};
