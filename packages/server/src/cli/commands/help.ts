import type { Command } from "commander";
import { usageError } from "#cli/cli-error";
import type { Action, CommandSpec } from "#cli/command";
import { COMMANDS } from "#cli/command-table";
import { EXIT, EXIT_MEANINGS, type ExitName } from "#cli/exit-codes";
import { type FlagSpec, spelling } from "#cli/flag";
import { GLOBAL_FLAGS } from "#cli/global-flags";
import { buildProgram } from "#cli/program";
import { packageVersion } from "#package";

/** Every command may end with these. */
const COMMON_EXITS: readonly ExitName[] = ["ok", "unknown", "usage"];

export const run: Action = async (context, given) => {
  const words = given.arguments;
  if (context.output.form === "json" || context.output.form === "yaml") await describe(context.output.data.bind(context.output), words);
  else context.output.raw(helpText(words));
};

type Print = (value: unknown, view: { rows: []; names: [] }) => Promise<void>;

/** For tools and agents: everything that the command line has, as data. */
async function describe(print: Print, words: readonly string[]): Promise<void> {
  const { OUTPUT_SCHEMAS } = await import("#cli/output-schemas");
  const chosen = COMMANDS.filter(({ name }) => `${name} `.startsWith(words.length === 0 ? "" : `${words.join(" ")} `));
  if (chosen.length === 0) throw usageError(`unknown command '${words.join(" ")}'`, "millrace help");
  const commands = chosen.map((command) => ({ ...commandView(command), output: OUTPUT_SCHEMAS[command.name] ?? null }));
  const exitCodes = (Object.keys(EXIT) as ExitName[]).map((name) => ({ code: EXIT[name], name, meaning: EXIT_MEANINGS[name] }));
  await print(
    { name: "millrace", version: packageVersion(), exitCodes, globalFlags: GLOBAL_FLAGS.map(flagView), commands },
    { rows: [], names: [] },
  );
}

function commandView({ name, summary, arguments: args = [], flags = [], exits = [] }: CommandSpec) {
  return {
    command: name,
    summary,
    arguments: args.map((arg) => ({ name: arg.name, summary: arg.summary, required: arg.optional !== true, many: arg.many === true })),
    flags: flags.map(flagView),
    exitCodes: [...COMMON_EXITS, ...exits].map((exit) => EXIT[exit]),
  };
}

function flagView(flag: FlagSpec) {
  const { short, kind, summary, many = false, fallback, values } = flag;
  return {
    flag: spelling(flag),
    short: short === undefined ? null : `-${short}`,
    type: kind,
    default: fallback ?? null,
    many,
    values: values ?? null,
    summary,
  };
}

function helpText(words: readonly string[]): string {
  let command: Command = buildProgram(async () => undefined);
  for (const word of words) {
    const next = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (!next) throw usageError(`unknown command '${words.join(" ")}'`, "millrace help");
    command = next;
  }
  return command.helpInformation();
}
