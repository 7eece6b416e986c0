import type { InviteAnswer } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const body = { email: given.argument(0), role: given.text("role") ?? "viewer" };
  const { json } = await call(context, "POST", "/api/v1/invitations", { body });
  const answer = json as InviteAnswer;
  await context.output.data(answer, { rows: [], names: [answer.id], table: `${answer.url}\n`, text: `${answer.url}\n` });
  const until = new Date(answer.expiresAt).toISOString().slice(0, 16).replace("T", " ");
  context.output.note(`Hand this link to ${answer.email}: it works once, until ${until} UTC, and is not shown again. Role: ${answer.role}`);
};
