import type { Action } from "#cli/command";
import { promote } from "#cli/promote";

export const run: Action = async (context, given) => {
  await promote(context, given.argument(0), given.argument(1));
};
