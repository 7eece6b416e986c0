import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { usageError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { readStdin } from "#cli/stdin";

/** A value that is on no command line and on no screen: from a pipe, without its last line break, or from a prompt that does not show it. */
export async function readSecret(context: CliContext, command: string, what: string): Promise<string> {
  const text = process.stdin.isTTY === true ? await prompt(context, command, what) : (await readStdin()).replace(/\r?\n$/, "");
  if (text === "") throw usageError(`${command}: ${what} is empty`, `pipe it in:   ${command} < file`);
  return text;
}

async function prompt(context: CliContext, command: string, what: string): Promise<string> {
  if (!context.interactive) throw usageError(`${command}: ${what} is missing`, `pipe it in:   ${command} < file`);
  process.stderr.write(`${what}: `);
  // What is typed would be written there.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  terminal.on("SIGINT", () => process.emit("SIGINT"));
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
