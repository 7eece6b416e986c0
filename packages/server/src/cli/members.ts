import type { MemberList, MemberView, UpdateMemberBody } from "@millrace/contract";
import type { Static } from "typebox";
import { CliError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";

/** The member with this email or id. Throws CliError where there is none. */
export async function findMember(context: CliContext, named: string): Promise<MemberView> {
  const { data } = (await call(context, "GET", "/api/v1/members")).json as Static<typeof MemberList>;
  const member = data.find(({ id, email }) => id === named || email === named.toLowerCase());
  if (member) return member;
  throw new CliError("not_found", `no member is "${named}"`, EXIT.notFound, { hint: "millrace members list" });
}

export async function updateMember(context: CliContext, named: string, change: UpdateMemberBody): Promise<void> {
  const { id } = await findMember(context, named);
  const { json } = await call(context, "PATCH", `/api/v1/members/${segment(id)}`, { body: change });
  const member = json as MemberView;
  await context.output.data(member, { rows: [memberRow(member)], names: [id] });
}

export function memberRow({ id, email, name, role, state }: MemberView) {
  return { id, email, name, role, state };
}
