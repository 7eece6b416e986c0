import type { CommandSpec } from "#cli/command";
import { COMMANDS, GROUPS } from "#cli/command-table";
import { type FlagSpec, spelling } from "#cli/flag";
import { GLOBAL_FLAGS } from "#cli/global-flags";

/** What is asked of a server or of files, once it is needed. */
export interface Names {
  workflows(): Promise<readonly string[]>;
  profiles(): readonly string[];
  tags(): Promise<readonly string[]>;
}

/** What the last of these words may become; empty where only the shell knows, as for files. */
export async function candidates(words: readonly string[], names: Names): Promise<readonly string[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const all = await anyCandidates(before, typed, names);
  return [...new Set(all)].filter((word) => word.startsWith(typed)).sort();
}

async function anyCandidates(before: readonly string[], typed: string, names: Names): Promise<readonly string[]> {
  const plain = withoutFlags(before);
  const command = commandOf(plain);
  const flags = [...(command?.flags ?? []), ...GLOBAL_FLAGS];
  const open = flags.find((flag) => flag.kind !== "switch" && spellings(flag).includes(before.at(-1) ?? ""));
  if (open) return valuesOf(open, names);
  if (typed.startsWith("-")) return flags.flatMap(spellings);
  // `version` is a command, and the singular of a group.
  if (!command?.arguments) return nextWords(plain);
  const given = plain.length - command.name.split(" ").length;
  const { name } = command.arguments[given] ?? command.arguments.at(-1) ?? {};
  if (name === "workflow" || name === "workflows") return names.workflows();
  return name === "command" ? nextWords(plain.slice(1)) : [];
}

/** Flags with their values left out: what remains is the command and its arguments. */
function withoutFlags(words: readonly string[]): readonly string[] {
  const valued = [...GLOBAL_FLAGS, ...COMMANDS.flatMap(({ flags = [] }) => flags)]
    .filter(({ kind }) => kind !== "switch")
    .flatMap(spellings);
  return words.filter((word, at) => !word.startsWith("-") && !valued.includes(words[at - 1] ?? ""));
}

/** The longest name that the words begin with, plural or singular. */
function commandOf(words: readonly string[]): CommandSpec | undefined {
  const matching = COMMANDS.filter(({ name }) => name.split(" ").every((part, at) => isSame(part, words[at])));
  return matching.toSorted((a, b) => b.name.length - a.name.length)[0];
}

function isSame(part: string, word: string | undefined): boolean {
  return word !== undefined && (part === word || GROUPS[part]?.singular === word);
}

function nextWords(words: readonly string[]): readonly string[] {
  const parts = COMMANDS.map(({ name }) => name.split(" "));
  return parts.flatMap((part) => (words.every((word, at) => isSame(part[at] ?? "", word)) ? (part[words.length] ?? []) : []));
}

async function valuesOf({ name, values }: FlagSpec, names: Names): Promise<readonly string[]> {
  if (values) return values;
  if (name === "workflow") return names.workflows();
  if (name === "tag") return names.tags();
  return name === "profile" ? names.profiles() : [];
}

function spellings(flag: FlagSpec): readonly string[] {
  return flag.short === undefined ? [spelling(flag)] : [spelling(flag), `-${flag.short}`];
}
