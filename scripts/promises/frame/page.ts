import type { Check } from "./check.ts";
import type { Result } from "./run.ts";

export interface Provenance {
  readonly commit: string;
  /** ISO day. */
  readonly day: string;
  readonly node: string;
  readonly effort: "per change" | "long";
}

const SECTION = /<!-- figures:start -->[\s\S]*<!-- figures:end -->/;
const ROW = /^\| \*\*(\w+)\*\* \| (.*?) \| /gm;

/** The page with the table of this run in place of the one before. */
export function writeFigures(page: string, results: readonly Result[], provenance: Provenance): string {
  if (!SECTION.test(page)) throw new Error("the page has no section of figures");
  return page.replace(SECTION, () => section(results, provenance));
}

function section(results: readonly Result[], { commit, day, node, effort }: Provenance): string {
  const rows = results.map(({ id, property, text }) => `| **${id}** | ${property} | ${text} |`);
  const kept = `Run of ${day}, commit ${commit}, Node ${node}, two cores, ${effort}.`;
  return ["<!-- figures:start -->", kept, "", "| Id | Promise | Figure |", "|---|---|---|", ...rows, "<!-- figures:end -->"].join("\n");
}

/** What is wrong with the page: promises without a check, checks that it does not tell of, other words for the same promise. */
export function pageProblems(page: string, checks: readonly Check[]): string[] {
  const told = new Map(Array.from(page.matchAll(ROW), ([, id = "", property = ""]) => [id, property]));
  const untold = checks.filter(({ id }) => !told.has(id)).map(({ id }) => `${id} has a check and no row`);
  const unchecked = [...told.keys()].filter((id) => !checks.some((check) => check.id === id)).map((id) => `${id} has a row and no check`);
  const reworded = checks.filter(({ id, property }) => told.has(id) && told.get(id) !== property).map(({ id }) => `${id} reads otherwise`);
  return [...untold, ...unchecked, ...reworded];
}
