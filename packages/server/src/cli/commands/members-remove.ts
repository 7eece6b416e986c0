import { confirm } from "#cli/ask";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { findMemberOrInvited } from "#cli/members";

export const run: Action = async (context, given) => {
  const { id, email, path } = await findMemberOrInvited(context, given.argument(0));
  await confirm(context, "members remove", `Remove ${email}? All sessions of ${email} end.`);
  await call(context, "DELETE", path);
  const row = { id, email, removed: true } as const;
  await context.output.data(row, { rows: [row], names: [id], table: `  ${email}   removed\n` });
};
