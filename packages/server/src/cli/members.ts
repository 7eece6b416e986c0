import type { MemberList, MemberView, UpdateMemberBody } from "@millrace/contract";
import type { Static } from "typebox";
import { CliError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";

/** The member with this email or id. Throws CliError where there is none. */
async function findMember(context: CliContext, named: string): Promise<MemberView> {
  const { data } = (await call(context, "GET", "/api/v1/members")).json as Static<typeof MemberList>;
  return data.find((member) => isNamed(member, named)) ?? refuseUnknown(named);
}

/** The member, or who is invited and has not joined yet; with the path of what is to be deleted. */
export async function findMemberOrInvited(context: CliContext, named: string): Promise<{ id: string; email: string; path: string }> {
  for (const list of ["members", "invitations"]) {
    const { data } = (await call(context, "GET", `/api/v1/${list}`)).json as { data: readonly { id: string; email: string }[] };
    const found = data.find((one) => isNamed(one, named));
    if (found) return { id: found.id, email: found.email, path: `/api/v1/${list}/${segment(found.id)}` };
  }
  return refuseUnknown(named);
}

function isNamed({ id, email }: { readonly id: string; readonly email: string }, named: string): boolean {
  return id === named || email === named.toLowerCase();
}

function refuseUnknown(named: string): never {
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
