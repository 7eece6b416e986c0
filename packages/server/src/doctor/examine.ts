import type { Check, CheckPorts } from "#doctor/check";
import { CHECKS } from "#doctor/checks";

export interface Verdict {
  readonly check: string;
  /** unknown: it could not be found out. */
  readonly verdict: "ok" | "failed" | "unknown";
  readonly problem: string | null;
  readonly fix: string | null;
  readonly durationMs: number;
}

/** Every check, one after the other: what one changes for a moment, another would see. */
export async function examine(ports: CheckPorts): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [name, check] of Object.entries(CHECKS)) verdicts.push(await judge(name, check, ports));
  return verdicts;
}

async function judge(name: string, check: Check, ports: CheckPorts): Promise<Verdict> {
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    const finding = await check(ports);
    const { problem, fix } = finding ?? { problem: null, fix: null };
    return { check: name, verdict: finding === null ? "ok" : "failed", problem, fix, durationMs: took() };
  } catch (error) {
    return { check: name, verdict: "unknown", problem: `could not be checked: ${(error as Error).message}`, fix: null, durationMs: took() };
  }
}
