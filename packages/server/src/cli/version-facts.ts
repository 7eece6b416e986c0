import type { VersionSummary } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { callWorkflow } from "#cli/workflow";

const PERCENT = 100;

/** `1,204`, and `0.7 %` of those that have ended. */
export function runFacts({ runs }: Pick<VersionSummary, "runs">): { readonly runs: string; readonly failed: string } {
  if (runs === undefined) return { runs: "", failed: "" };
  const { total, ended, failed } = runs;
  return { runs: total.toLocaleString("en"), failed: ended === 0 ? "" : `${((failed / ended) * PERCENT).toFixed(1)} %` };
}

/** What is known of a version, in a line: `"shorter prompt"   by ada@example.com   1,204 runs   0.7 % failed`. */
export function versionLine(version: VersionSummary): string {
  const { runs, failed } = runFacts(version);
  const facts = [
    version.note === undefined ? "" : `"${version.note}"`,
    version.createdBy === undefined ? "" : `by ${version.createdBy.name}`,
    runs === "" ? "" : `${runs} ${runs === "1" ? "run" : "runs"}`,
    failed === "" ? "" : `${failed} failed`,
  ];
  return facts.filter((fact) => fact !== "").join("   ");
}

/** Every version from the live one on to older ones, page by page, as long as they are asked for. */
export async function* versionsOf(context: CliContext, workflow: string): AsyncGenerator<VersionSummary> {
  let cursor: string | undefined;
  do {
    const { json } = await callWorkflow(context, "GET", workflow, "/versions", { query: { limit: 100, cursor } });
    const page = json as { readonly data: readonly VersionSummary[]; readonly nextCursor?: string };
    yield* page.data;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** Tells of the version that went live what is known of it. A key that may not read versions is told nothing. */
export async function noteVersion(context: CliContext, workflow: string, version: string): Promise<void> {
  try {
    const { json } = await callWorkflow(context, "GET", workflow, `/versions/${encodeURIComponent(version)}`, { query: { stats: true } });
    const line = versionLine(json as VersionSummary);
    if (line !== "") context.output.note(`${version}   ${line}`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
  }
}
