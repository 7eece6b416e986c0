import { CliError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import type { CheckPorts } from "#cli/doctor/check";
import { CHECKS } from "#cli/doctor/checks";
import { EXIT } from "#cli/exit-codes";
import { readServerFile } from "#cli/server-file";
import { serverSettings } from "#cli/server-settings";
import { shownPath } from "#cli/shown-path";

interface Verdict {
  readonly check: string;
  /** unknown: it could not be found out. */
  readonly verdict: "ok" | "failed" | "unknown";
  readonly problem: string | null;
  readonly fix: string | null;
  readonly durationMs: number;
}

export const run: Action = async (context) => {
  const { settings } = serverSettings(context);
  const { dataDir } = settings;
  const ports: CheckPorts = {
    settings,
    shownDataDir: shownPath(context.cwd, dataDir),
    running: readServerFile(dataDir)?.url ?? null,
    now: Date.now(),
  };
  const checks: Verdict[] = [];
  for (const name of Object.keys(CHECKS)) checks.push(await judge(name, ports));
  const problems = checks.filter(({ verdict }) => verdict !== "ok");
  if (problems.length > 0) throw unhealthy(checks, problems);
  if (context.output.form === "json" || context.output.form === "yaml") await context.output.data({ checks }, { rows: [], names: [] });
};

async function judge(check: string, ports: CheckPorts): Promise<Verdict> {
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    const finding = (await CHECKS[check]?.(ports)) ?? null;
    const { problem, fix } = finding ?? { problem: null, fix: null };
    return { check, verdict: finding === null ? "ok" : "failed", problem, fix, durationMs: took() };
  } catch (error) {
    return { check, verdict: "unknown", problem: `could not be checked: ${(error as Error).message}`, fix: null, durationMs: took() };
  }
}

function unhealthy(checks: readonly Verdict[], problems: readonly Verdict[]): CliError {
  const report = problems.map(({ check, problem, fix }) => `  ${check}: ${problem}${fix === null ? "" : ` → ${fix}`}`);
  const exit = problems.some(({ verdict }) => verdict === "failed") ? EXIT.no : EXIT.unknown;
  return new CliError("unhealthy", `${problems.length} of ${checks.length} checks`, exit, { errors: checks, report });
}
