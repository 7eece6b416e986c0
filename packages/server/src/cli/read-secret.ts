import { askHidden } from "#cli/ask";
import { usageError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { readStdin } from "#cli/stdin";

/** A value that is on no command line and on no screen: from a pipe, without its last line break, or from a prompt that does not show it. */
export async function readSecret(context: CliContext, command: string, what: string): Promise<string> {
  const text = process.stdin.isTTY === true ? await prompt(context, command, what) : (await readStdin()).replace(/\r?\n$/, "");
  if (text === "") throw usageError(`${command}: ${what} is empty`, `pipe it in:   ${command} < file`);
  return text;
}

function prompt(context: CliContext, command: string, what: string): Promise<string> {
  if (!context.interactive) throw usageError(`${command}: ${what} is missing`, `pipe it in:   ${command} < file`);
  return askHidden(`${what}: `);
}
