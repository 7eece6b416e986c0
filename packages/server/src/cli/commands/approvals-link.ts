import type { ApprovalLink } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

const HOUR_MS = 3_600_000;

/** The link alone on stdout, so that it can be piped. */
export const run: Action = async (context, given) => {
  const person = given.text("for");
  if (person === undefined) throw usageError("--for: whose link is it?", "--for customer@example.com");
  const expires = given.durationMs("expires");
  const body = { for: person, ...(expires !== undefined && { expiresInHours: Math.ceil(expires / HOUR_MS) }) };
  const path = `/api/v1/approvals/${segment(given.argument(0))}/links`;
  const link = (await call(context, "POST", path, { body })).json as ApprovalLink;
  const url = `${link.url}\n`;
  await context.output.data(link, { rows: [], names: [given.argument(0)], table: url, text: url });
  context.output.note(`Whoever has it decides in the name of ${link.for}, until ${new Date(link.expiresAt).toISOString()}.`);
};
