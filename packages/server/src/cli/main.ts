import type { CommanderError } from "commander";
import { normalise, wantsJson } from "#cli/arguments";
import { CliError, humanError, jsonError, usageError } from "#cli/cli-error";
import { colored, wantsColor } from "#cli/color";
import { createContext } from "#cli/context";
import { EXIT, type ExitCode } from "#cli/exit-codes";
import { LOADERS } from "#cli/loaders";
import { buildProgram } from "#cli/program";

const given = normalise(process.argv.slice(2));
let json = wantsJson(given, process.env);

// Whoever reads stdout has read enough: `millrace runs list | head -1`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.unknown));
process.once("SIGINT", () => process.exit(EXIT.interrupted));
// Node's own database module is marked as an experiment; who runs a command cannot do anything about it.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") process.stderr.write(`${warning.name}: ${warning.message}\n`);
});

const status = await run().catch(tell);
process.stdout.write("", () => process.exit(status));

async function run(): Promise<ExitCode> {
  const program = buildProgram(async (command, words, flags) => {
    const context = createContext(flags, process.env, process.cwd());
    json = context.output.form === "json";
    const { run: act } = await LOADERS[command]();
    await act(context, words);
  });
  await program.parseAsync(given.length === 0 ? ["--help"] : given, { from: "user" });
  return EXIT.ok;
}

/** Prints the error in the form that was asked for; its exit status. */
function tell(thrown: unknown): ExitCode {
  const error = asCliError(thrown);
  if (error === null) return EXIT.ok;
  const color = wantsColor(process.stderr, process.env, !given.includes("--no-color"));
  const paint = (text: string) => (color ? colored(text, "red") : text);
  process.stderr.write(json ? jsonError(error) : humanError(error, paint));
  if (error.type === "internal" && given.some((word) => word === "-v" || word === "--verbose"))
    process.stderr.write(`${(thrown as Error).stack}\n`);
  return error.exitCode;
}

/** null: help was asked for, and printed. */
function asCliError(error: unknown): CliError | null {
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
