import type { WebhookSecretView } from "@millrace/contract";
import type { Reply } from "#cli/client";
import type { CliContext } from "#cli/context";

/** The secret alone on stdout, to be piped to where it belongs. */
export async function printSecret({ output }: CliContext, { json }: Reply): Promise<void> {
  const answer = json as WebhookSecretView;
  const line = `${answer.secret}\n`;
  await output.data(answer, { rows: [], names: [answer.secret], table: line, text: line });
  if (answer.previousUntil !== undefined)
    output.note(`The secret before it signs too until ${new Date(answer.previousUntil).toISOString()}.`);
}
