import type { CreateDevKeyAnswer } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { expiryOf } from "#cli/expiry";

export const run: Action = async (context, given) => {
  const name = given.text("name");
  const body = { ...(name !== undefined && { name }), ...expiryOf(given) };
  const answer = (await call(context, "POST", "/api/v1/dev-keys", { body })).json as CreateDevKeyAnswer;
  const text = `${answer.devKey}:${answer.devSecret}\n`;
  await context.output.data(answer, { rows: [], names: [answer.devKey], table: text, text });
  context.output.note(
    `This is the only time the secret is shown. For curl: -u DevKey:DevSecret, with the form field org_id=${answer.orgId}`,
  );
};
