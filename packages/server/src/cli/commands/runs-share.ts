import type { CreateRunShareAnswer } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

const HOUR_MS = 3_600_000;

/** The link alone on stdout, so that it can be piped. */
export const run: Action = async (context, given) => {
  const expires = given.durationMs("expires");
  const body = expires === undefined ? {} : { expiresInHours: Math.ceil(expires / HOUR_MS) };
  const share = (await call(context, "POST", `/api/v1/runs/${segment(given.argument(0))}/shares`, { body })).json as CreateRunShareAnswer;
  const url = `${share.url}\n`;
  await context.output.data(share, { rows: [], names: [share.id], table: url, text: url });
  context.output.note(
    `Whoever has it sees the run, until ${new Date(share.expiresAt).toISOString()} or runs unshare ${share.runId} ${share.id}.`,
  );
};
