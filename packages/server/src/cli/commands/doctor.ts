import { CliError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { isFree } from "#cli/serve/ports";
import { readServerFile } from "#cli/server-file";
import { serverSettings } from "#cli/server-settings";
import { shownPath } from "#cli/shown-path";
import { examine, type Verdict } from "#doctor/examine";

/** Time for the server's own answer. */
const ANSWER_MS = 5_000;

export const run: Action = async (context) => {
  const { settings } = serverSettings(context);
  const { dataDir } = settings;
  const url = readServerFile(dataDir)?.url;
  const checks = await examine({
    settings,
    shownDataDir: shownPath(context.cwd, dataDir),
    askServer: url === undefined ? null : () => askServer(url),
    isFree,
    now: Date.now(),
  });
  const problems = checks.filter(({ verdict }) => verdict !== "ok");
  if (problems.length > 0) throw unhealthy(checks, problems);
  if (context.output.form === "json" || context.output.form === "yaml") await context.output.data({ checks }, { rows: [], names: [] });
};

async function askServer(url: string): Promise<string | null> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (answer.ok) return null;
  return ((await answer.json()) as { message?: string }).message ?? `HTTP ${answer.status}`;
}

function unhealthy(checks: readonly Verdict[], problems: readonly Verdict[]): CliError {
  const report = problems.map(({ check, problem, fix }) => `  ${check}: ${problem}${fix === null ? "" : ` → ${fix}`}`);
  const exit = problems.some(({ verdict }) => verdict === "failed") ? EXIT.no : EXIT.unknown;
  return new CliError("unhealthy", `${problems.length} of ${checks.length} checks`, exit, { errors: checks, report });
}
