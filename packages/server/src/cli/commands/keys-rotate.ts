import type { CreateKeyAnswer } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const id = given.argument(0);
  const overlapMs = given.durationMs("overlap");
  const body = overlapMs === undefined ? {} : { overlapS: Math.round(overlapMs / 1_000) };
  const { json } = await call(context, "POST", `/api/v1/keys/${segment(id)}/rotate`, { body });
  const answer = json as CreateKeyAnswer;
  await context.output.data(answer, { rows: [], names: [answer.id], table: `${answer.key}\n`, text: `${answer.key}\n` });
  context.output.note(`This is the only time the key is shown. Id ${answer.id}; ${id} works for ${given.text("overlap") ?? "24h"} more.`);
};
