import type { CommanderError } from "commander";
import { CliError, usageError } from "#cli/cli-error";
import { EXIT } from "#cli/exit-codes";

/** null: help was asked for, and printed. */
export function asCliError(error: unknown): CliError | null {
  if (error instanceof CliError) return error;
  if (!(error instanceof Error)) return new CliError("internal", String(error), EXIT.unknown);
  if (error.name === "InvalidSetting") return new CliError("invalid_setting", error.message, EXIT.usage);
  if (error.name === "CommanderError") return fromParser(error as CommanderError);
  return new CliError("internal", error.message, EXIT.unknown, { hint: "run it again with --verbose and report what it prints" });
}

function fromParser(error: CommanderError): CliError | null {
  if (error.code === "commander.helpDisplayed") return null;
  if (error.code === "commander.help") return usageError("a command is missing", "millrace help");
  const [, message = "", suggestion] = /^error: ([^\n]*)(?:\n\(Did you mean (.*)\?\))?/s.exec(error.message) ?? [];
  return usageError(message, suggestion === undefined ? "millrace help" : `did you mean ${suggestion}?`);
}
