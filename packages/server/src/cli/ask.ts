import { createInterface } from "node:readline/promises";
import { CliError, usageError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";

/** Asks before something is lost. Where nobody can answer, `--yes` must have been given. */
export async function confirm(context: CliContext, command: string, question: string): Promise<void> {
  if (context.yes) return;
  if (!context.interactive) throw usageError(`${command}: --yes is missing`, question);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on("SIGINT", () => process.emit("SIGINT"));
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CliError("declined", "nothing was changed", EXIT.no);
  } finally {
    terminal.close();
  }
}
