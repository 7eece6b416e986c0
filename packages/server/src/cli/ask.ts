import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
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

/** Asks for what must not be seen. Where nobody can answer, the flag must have been given that reads it from elsewhere. */
export async function askSecret(context: CliContext, command: string, flag: string, question: string): Promise<string> {
  if (!context.interactive) throw usageError(`${command}: ${flag} is missing`);
  return askHidden(question);
}

/** One line that is typed and shown nowhere. */
export async function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Before the question: the terminal would show what is typed as soon as that is read.
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  terminal.on("SIGINT", () => process.emit("SIGINT"));
  process.stderr.write(question);
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
