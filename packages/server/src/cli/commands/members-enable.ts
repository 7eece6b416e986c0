import type { Action } from "#cli/command";
import { updateMember } from "#cli/members";

export const run: Action = (context, given) => updateMember(context, given.argument(0), { state: "active" });
