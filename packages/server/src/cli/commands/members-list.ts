import type { InvitationView, MemberView } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { memberRow } from "#cli/members";
import { ago } from "#cli/table";

export const run: Action = async (context) => {
  const members = (await call(context, "GET", "/api/v1/members")).json as { data: readonly MemberView[] };
  const invitations = (await call(context, "GET", "/api/v1/invitations")).json as { data: readonly InvitationView[] };
  const now = Date.now();
  const rows = [
    ...members.data.map((member) => ({ ...memberRow(member), lastSignIn: signedIn(member, now) })),
    ...invitations.data.map(({ id, email, role }) => ({ id, email, name: undefined, role, state: "invited", lastSignIn: "never" })),
  ];
  await context.output.data({ members: members.data, invitations: invitations.data }, { rows, names: rows.map(({ id }) => id) });
};

function signedIn({ lastSignInAt }: MemberView, now: number): string {
  return lastSignInAt === undefined ? "never" : ago(lastSignInAt, now);
}
