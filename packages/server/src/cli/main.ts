import { normalise, wantsJson } from "#cli/arguments";
import { asCliError } from "#cli/as-cli-error";
import { CliError, humanError, jsonError } from "#cli/cli-error";
import { colored, wantsColor } from "#cli/color";
import { createContext } from "#cli/context";
import { EXIT, type ExitCode } from "#cli/exit-codes";
import { LOADERS } from "#cli/loaders";
import { buildProgram } from "#cli/program";

const given = normalise(process.argv.slice(2));
let json = wantsJson(given, process.env);
let left: { readonly hint: string; readonly act: () => Promise<void> } | null = null;

// Whoever reads stdout has read enough: `millrace runs list | head -1`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.unknown));
process.once("SIGINT", () => void stop());
// Node's own database module is marked as an experiment; who runs a command cannot do anything about it.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") process.stderr.write(`${warning.name}: ${warning.message}\n`);
});

const status = await run().catch(tell);
process.stdout.write("", () => process.exit(status));

async function run(): Promise<ExitCode> {
  const program = buildProgram(async (command, words, flags) => {
    const context = await createContext(flags, { environment: process.env, cwd: process.cwd(), ifInterrupted });
    json = context.output.form === "json";
    const { run: act } = await LOADERS[command]();
    await act(context, words);
  });
  await program.parseAsync(given.length === 0 ? ["--help"] : given, { from: "user" });
  return EXIT.ok;
}

function ifInterrupted(hint: string, act = async () => undefined): void {
  left = { hint, act };
}

/** A second Ctrl+C does not wait. */
async function stop(): Promise<never> {
  process.once("SIGINT", () => process.exit(EXIT.interrupted));
  const failure = await left?.act().catch((error: unknown) => error);
  const details = left === null ? {} : { hint: left.hint };
  const error = new CliError("interrupted", "the command was interrupted", EXIT.interrupted, details);
  process.exit(tell(failure ? new CliError("interrupted", String(failure), EXIT.interrupted, details) : error));
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
