import { Command, Option } from "commander";
import { usageError } from "#cli/cli-error";
import type { CommandSpec } from "#cli/command";
import { COMMANDS, type CommandName, GROUPS } from "#cli/command-table";
import { type ArgumentSpec, type FlagSpec, spelling } from "#cli/flag";
import { Given } from "#cli/given";
import { GLOBAL_FLAGS, type GlobalFlags } from "#cli/global-flags";

export type Handle = (command: CommandName, given: Given, flags: GlobalFlags) => Promise<void>;

/** The parser, made from the table of commands. */
export function buildProgram(handle: Handle): Command {
  const program = new Command("millrace").description("Runs AI workflows as an API, durably.");
  quiet(program).helpCommand(false).helpOption("-h, --help", "print this");
  for (const flag of GLOBAL_FLAGS) program.addOption(optionOf(flag));
  const groups = new Map<string, Command>();
  for (const spec of COMMANDS) {
    const words = spec.name.split(" ");
    const name = words.pop() ?? "";
    const parent = words.reduce((outer, _, at) => groupIn(outer, groups, words.slice(0, at + 1)), program);
    addCommand(parent, name, spec, (given) => handle(spec.name, given, program.opts()));
  }
  return program;
}

function groupIn(outer: Command, groups: Map<string, Command>, words: readonly string[]): Command {
  const name = words.join(" ");
  const known = groups.get(name);
  if (known) return known;
  const { singular = "", summary = "" } = GROUPS[name] ?? {};
  const group = quiet(outer.command(words.at(-1) ?? ""))
    .description(summary)
    .helpCommand(false)
    .helpOption("-h, --help", "print this");
  // The command `version` has the singular of versions for itself; audit is its own.
  if (singular !== group.name() && !COMMANDS.some((command) => (command.name as string) === singular)) group.alias(singular);
  groups.set(name, group);
  return group;
}

function addCommand(parent: Command, name: string, spec: CommandSpec, act: (given: Given) => Promise<void>): void {
  const args = spec.arguments ?? [];
  const command = quiet(parent.command(name)).description(spec.summary).helpOption("-h, --help", "print this");
  command.usage([...args.map(argumentText), "[options]"].join(" "));
  // All that is missing is told at once, so the parser is told that nothing is required.
  for (const { name: argument, summary, many } of args) command.argument(`[${argument}${many ? "..." : ""}]`, summary);
  for (const flag of spec.flags ?? []) command.addOption(optionOf(flag));
  command.action(async () => {
    refuseMissing(spec, command.args);
    await act(new Given(command.args, flagsOf(command, spec.flags ?? [])));
  });
}

/** Errors and help come back to the caller as exceptions; nothing is printed here but help that was asked for. */
function quiet(command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ subcommandTerm: (sub) => sub.name(), showGlobalOptions: true });
}

function argumentText({ name, optional, many }: ArgumentSpec): string {
  const text = many ? `${name}...` : name;
  return optional ? `[${text}]` : `<${text}>`;
}

function optionOf(flag: FlagSpec): Option {
  const long = `${flag.short === undefined ? "" : `-${flag.short}, `}${spelling(flag)}`;
  const fallback = flag.fallback === undefined ? "" : ` (default ${flag.fallback})`;
  const option = new Option(flag.kind === "switch" ? long : `${long} <${flag.value ?? "value"}>`, `${flag.summary}${fallback}`);
  if (flag.many) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  if (flag.values) option.choices(flag.values);
  return option;
}

/** The parser's own camel-case names as the flags' own. */
function flagsOf(command: Command, flags: readonly FlagSpec[]): { [name: string]: unknown } {
  const values = command.opts<{ [name: string]: unknown }>();
  return Object.fromEntries(
    flags.map(({ name }) => [name, values[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]]),
  );
}

function refuseMissing(spec: CommandSpec, args: readonly string[]): void {
  const needed = (spec.arguments ?? []).filter(({ optional }) => !optional);
  const missing = needed.slice(args.length).map(argumentText);
  if (missing.length === 0) return;
  throw usageError(`${spec.name}: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing`, `millrace help ${spec.name}`);
}
