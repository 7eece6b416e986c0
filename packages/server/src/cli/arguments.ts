import { COMMANDS, GROUPS } from "#cli/command-table";
import { isDuration } from "#cli/duration";
import { GLOBAL_FLAGS } from "#cli/global-flags";
import { OUTPUT_FORMS } from "#cli/output";

/** How long `--wait` waits when it does not say. */
const DEFAULT_WAIT = "30s";

/** What people write, as the parser takes it. */
export function normalise(given: readonly string[]): string[] {
  if (given[0] === "--version" || given[0] === "-V") return ["version", ...given.slice(1)];
  return withWait(withTypesFile(withPlural(given)));
}

/** `version list` is `versions list`: the singular of the group is the name of another command. */
function withPlural(given: readonly string[]): string[] {
  const first = firstWord(given);
  const group = Object.keys(GROUPS).find((name) => !name.includes(" ") && GROUPS[name]?.singular === given[first]);
  const isVerb = COMMANDS.some(({ name }) => name === `${group} ${given[first + 1]}`);
  return group !== undefined && isVerb ? given.with(first, group) : [...given];
}

/** `types -o millrace.d.ts` names a file, which no form of output is called. */
function withTypesFile(given: readonly string[]): string[] {
  if (given[firstWord(given)] !== "types") return [...given];
  return given.map((word, at) => (isOutput(word) && !isForm(given[at + 1]) ? "--out" : word));
}

const isOutput = (word: string): boolean => word === "-o" || word === "--output";
const isForm = (word: string | undefined): boolean => OUTPUT_FORMS.some((form) => form === word);

/** Index of the command's name, behind global flags and their values. */
function firstWord(given: readonly string[]): number {
  const valued = GLOBAL_FLAGS.filter(({ kind }) => kind !== "switch").flatMap(({ name, short }) => [`--${name}`, `-${short}`]);
  let at = 0;
  while (at < given.length && given[at]?.startsWith("-")) at += valued.includes(given[at] ?? "") ? 2 : 1;
  return at;
}

/** An `invoke --wait` without a duration has one: the word behind it is the command's. */
function withWait(given: readonly string[]): string[] {
  if (given[firstWord(given)] !== "invoke") return [...given];
  const end = given.indexOf("--") < 0 ? given.length : given.indexOf("--");
  return given.map((word, at) => (word === "--wait" && at < end && !isDuration(given[at + 1] ?? "") ? `--wait=${DEFAULT_WAIT}` : word));
}

/** Was JSON asked for? Read before the parser: its own errors have a form too. */
export function wantsJson(given: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  const at = given.findLastIndex((word) => /^(-o|--output)(=|$)|^-o./.test(word));
  if (given.includes("--json")) return true;
  if (at < 0) return environment["MILLRACE_OUTPUT"] === "json";
  const word = given[at] ?? "";
  return (word === "-o" || word === "--output" ? given[at + 1] : word.replace(/^(-o|--output)=?/, "")) === "json";
}
