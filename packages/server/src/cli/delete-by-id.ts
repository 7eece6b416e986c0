import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

/** Deletes what the path's list holds under the id that is given. */
export function deleting(path: string): Action {
  return async (context, given) => {
    const id = given.argument(0);
    await call(context, "DELETE", `${path}/${segment(id)}`);
    await context.output.data({ id, deleted: true }, { rows: [{ id, deleted: true }], names: [id], table: `  ${id}   deleted\n` });
  };
}
