import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const [run, id] = [given.argument(0), given.argument(1)];
  await call(context, "DELETE", `/api/v1/runs/${segment(run)}/shares/${segment(id)}`);
  await context.output.data({ id, revoked: true }, { rows: [{ id, revoked: true }], names: [id], table: `  ${id}   revoked\n` });
};
