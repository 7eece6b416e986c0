import type { CommandSpec } from "../../packages/server/src/cli/command.ts";
import { COMMANDS, GROUPS } from "../../packages/server/src/cli/command-table.ts";
import { EXIT, EXIT_MEANINGS, type ExitName } from "../../packages/server/src/cli/exit-codes.ts";
import { type FlagSpec, spelling } from "../../packages/server/src/cli/flag.ts";
import { GLOBAL_FLAGS } from "../../packages/server/src/cli/global-flags.ts";
import { code, GENERATED, table } from "./markdown.ts";

const INTRODUCTION = `Every command has the form \`millrace <resource> <verb>\`, or is one word. \`millrace help <command>\` prints what stands here;
\`millrace help --json\` has all of it, and the JSON Schema of what each command prints, for tools.

Data goes to stdout and nothing else does; what is said beside it goes to stderr. \`-o json\` prints it for programs, \`-o name\` one id a line. A command that
fails prints nothing on stdout, except \`invoke\` and \`runs wait\`, which print the run that FAILED. In a pipe nothing is asked: what is missing is told at once.

\`<workflow>\` is the id of a workflow or its name. Settings come from flags, the environment, \`millrace.config.json\` and a profile, in this order;
\`millrace whoami\` says which one counts.`;

/** docs/cli.md: every command with its arguments, flags and exit codes, from the table that the parser is made from. */
export function cliPage(): string {
  return `${[
    "# The command line",
    GENERATED,
    INTRODUCTION,
    overview(),
    "## Global flags",
    "Before or behind the command.",
    flagTable(GLOBAL_FLAGS),
    "## Exit codes",
    table(
      ["Code", "Meaning"],
      (Object.keys(EXIT) as ExitName[]).map((name) => [String(EXIT[name]), EXIT_MEANINGS[name]]),
    ),
    "Every command may end with 0, 1 and 2; below stand those that it may end with besides.",
    "## Commands",
    ...specs().map(section),
  ].join("\n\n")}\n`;
}

function specs(): readonly CommandSpec[] {
  return COMMANDS;
}

function overview(): string {
  const alone = specs().filter(({ name }) => !name.includes(" "));
  const rows = alone.map(({ name, summary }) => [link(name), summary]);
  const groups = Object.entries(GROUPS).flatMap(([group, { summary }]) => {
    const verbs = specs().filter(({ name }) => name.slice(0, name.lastIndexOf(" ")) === group);
    return verbs.length === 0
      ? []
      : [[`${code(group)}: ${verbs.map(({ name }) => link(name, name.slice(group.length + 1))).join(", ")}`, summary]];
  });
  return table(["Command", ""], [...rows, ...groups]);
}

function link(name: string, text = name): string {
  return `[${text}](#${`millrace ${name}`.replaceAll(" ", "-")})`;
}

function section(spec: CommandSpec): string {
  const { name, summary, arguments: args = [], flags = [], exits = [] } = spec;
  const parts = [`### millrace ${name}`, sentence(summary), `\`\`\`text\n${usage(spec)}\n\`\`\``];
  if (args.length > 0) parts.push(args.map((one) => `- ${code(argumentText(one))}: ${one.summary}`).join("\n"));
  if (flags.length > 0) parts.push(flagTable(flags));
  if (exits.length > 0) parts.push(`Exit codes: ${exits.map((exit) => EXIT[exit]).join(", ")}.`);
  return parts.join("\n\n");
}

function usage({ name, arguments: args = [], flags = [] }: CommandSpec): string {
  return ["millrace", name, ...args.map(argumentText), ...(flags.length > 0 ? ["[flags]"] : [])].join(" ");
}

function argumentText({ name, optional, many }: { readonly name: string; readonly optional?: boolean; readonly many?: boolean }): string {
  const text = many ? `${name}...` : name;
  return optional ? `[${text}]` : `<${text}>`;
}

function flagTable(flags: readonly FlagSpec[]): string {
  return table(
    ["Flag", "Default", ""],
    flags.map((flag) => [code(signature(flag)), flag.fallback === undefined ? "" : code(flag.fallback), meaning(flag)]),
  );
}

function signature(flag: FlagSpec): string {
  const { short, kind, value = "value" } = flag;
  return `${short === undefined ? "" : `-${short}, `}${spelling(flag)}${kind === "switch" ? "" : ` <${value}>`}`;
}

function meaning({ summary, values, many }: FlagSpec): string {
  const all = values === undefined ? "" : ` (${values.map(code).join(", ")})`;
  return `${summary}${all}${many ? "; may be given more than once" : ""}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
