import { ROLES } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import { updateMember } from "#cli/members";

export const run: Action = async (context, given) => {
  const role = ROLES.find((one) => one === given.argument(1));
  if (role === undefined) throw usageError(`members set-role: "${given.argument(1)}" is not a role`, `write one of ${ROLES.join(", ")}`);
  await updateMember(context, given.argument(0), { role });
};
