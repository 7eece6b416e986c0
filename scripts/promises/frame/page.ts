import type { Form } from "../forms/forms.ts";
import type { Check } from "./check.ts";
import type { Result } from "./run.ts";

export interface Provenance {
  readonly commit: string;
  /** ISO day. */
  readonly day: string;
  readonly node: string;
  readonly effort: "per change" | "long";
  /** Of the servers; absent: one process on SQLite. */
  readonly form?: Form;
}

const EVERY_CHANGE = "figures";
const AT_LENGTH = "long";
const ROW = /^\| \*\*(\w+)\*\* \| (.*?) \| /gm;

/** The page with the table of this run in place of the one before; a long run, which may be of some promises only, renews its own rows. */
export function writeFigures(page: string, results: readonly Result[], provenance: Provenance, checks: readonly Check[]): string {
  const { effort, form = "sqlite" } = provenance;
  if (effort === "long") return withSection(page, AT_LENGTH, longTable(sectionOf(page, AT_LENGTH), results, provenance, checks));
  return form === "sqlite"
    ? withSection(page, EVERY_CHANGE, table(results, provenance))
    : withSection(page, form, formTable(results, provenance));
}

function table(results: readonly Result[], { commit, day, node }: Provenance): readonly string[] {
  const rows = results.map((result) => `| **${result.id}** | ${result.property} | ${verdict(result)} |`);
  return [
    `Run of ${day}, commit ${commit}, Node ${node}, two cores, per change.`,
    "",
    "| Id | Promise | Figure |",
    "|---|---|---|",
    ...rows,
  ];
}

/** What is not tried on the form says why. */
function formTable(results: readonly Result[], { commit, day }: Provenance): readonly string[] {
  const rows = results.map((result) => `| **${result.id}** | ${verdict(result)} |`);
  return [`Run of ${day}, commit ${commit}.`, "", "| Id | Figure |", "|---|---|", ...rows];
}

function longTable(before: string, results: readonly Result[], { commit, day }: Provenance, checks: readonly Check[]): readonly string[] {
  const rows = new Map(Array.from(before.matchAll(ROW), ([start, id = ""]) => [id, lineAt(before, start)]));
  for (const result of results)
    if (result.skipped === undefined) rows.set(result.id, `| **${result.id}** | ${verdict(result)} | ${day}, ${commit} |`);
  const missing = checks.filter(({ id }) => !rows.has(id)).map(({ id }) => id);
  const told = missing.length === 0 ? [] : ["", `Not tried at length: ${missing.join(", ")}.`];
  return ["| Id | Figure | Day, commit |", "|---|---|---|", ...checks.flatMap(({ id }) => rows.get(id) ?? []), ...told];
}

function verdict({ ok, text }: Result): string {
  return ok ? text : `**Not kept.** ${text}`;
}

function lineAt(section: string, start: string): string {
  const from = section.indexOf(start);
  return section.slice(from, section.indexOf("\n", from));
}

/** What stands between the marks, with its last line's end. */
function sectionOf(page: string, name: string): string {
  const [, section] = marked(name).exec(page) ?? [];
  if (section === undefined) throw new Error(`the page has no section "${name}"`);
  return section;
}

function withSection(page: string, name: string, lines: readonly string[]): string {
  const before = sectionOf(page, name);
  return page.replace(`${before}<!-- ${name}:end -->`, () => `${lines.join("\n")}\n<!-- ${name}:end -->`);
}

function marked(name: string): RegExp {
  return new RegExp(`<!-- ${name}:start -->\n([\\s\\S]*?)<!-- ${name}:end -->`);
}

/** What is wrong with the page: promises without a check, checks that it does not tell of, other words for the same promise. */
export function pageProblems(page: string, checks: readonly Check[]): string[] {
  const told = new Map(Array.from(sectionOf(page, EVERY_CHANGE).matchAll(ROW), ([, id = "", property = ""]) => [id, property]));
  const untold = checks.filter(({ id }) => !told.has(id)).map(({ id }) => `${id} has a check and no row`);
  const unchecked = [...told.keys()].filter((id) => !checks.some((check) => check.id === id)).map((id) => `${id} has a row and no check`);
  const reworded = checks.filter(({ id, property }) => told.has(id) && told.get(id) !== property).map(({ id }) => `${id} reads otherwise`);
  return [...untold, ...unchecked, ...reworded];
}
