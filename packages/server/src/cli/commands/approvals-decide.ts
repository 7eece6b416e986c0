import type { Action } from "#cli/command";
import { decideApproval } from "#cli/decide-approval";

export const run: Action = (context, given) => decideApproval(context, given, given.argument(1));
