import { performance } from "node:perf_hooks";
import { eachAtOnce } from "../harness/runs.ts";
import type { Check, Effort, Outcome } from "./check.ts";
import { faultsOf, figureText } from "./verdict.ts";

/** What became of one check, as reports/promises.json holds it. */
export interface Result {
  readonly id: string;
  readonly property: string;
  readonly ok: boolean;
  readonly text: string;
  readonly figure: Outcome | null;
  readonly faults: readonly string[];
  readonly durationMs: number;
  /** Time of processors that the check and every process that it started used: what others on the machine do is not in it. */
  readonly cpuMs?: number;
  /** Why nothing was tried. */
  readonly skipped?: string;
  /** Its turn came after the time of the run was over. */
  readonly cut?: boolean;
}

type Print = (text: string) => void;

/** How one check is run. */
export type Attempt = (check: Check, effort: Effort) => Promise<Result>;

/** Beside two that mostly wait, on the two cores of the machine that the figures are of: a fourth makes each slower and the whole no sooner. */
const BESIDE = 3;

const WAITING = 2;

/**
 * Three at a time, beside two that mostly wait; then those one after another that would be disturbed in their timing. A line each as it ends,
 * and one of all. The results are in the order of the checks.
 */
export async function runChecks(checks: readonly Check[], effort: Effort, print: Print, attempt: Attempt = runCheck): Promise<Result[]> {
  const began = performance.now();
  const results = new Map<Check, Result>();
  const tryOne = async (check: Check): Promise<void> => {
    const result = cutOf(check, effort, performance.now() - began) ?? skipOf(check, effort) ?? (await attempt(check, effort));
    print(line(result));
    if (!result.ok) explain(result, effort, print);
    results.set(check, result);
  };
  const working = checks.filter(({ timed, waits }) => !timed && !waits);
  const waiting = checks.filter(({ waits }) => waits);
  const timed = checks.filter((check) => check.timed);
  await Promise.all([eachAtOnce(working, BESIDE, tryOne), eachAtOnce(waiting, WAITING, tryOne)]);
  await eachAtOnce(timed, 1, tryOne);
  const all = checks.flatMap((check) => results.get(check) ?? []);
  const cut = all.filter((result) => result.cut).map(({ id }) => id);
  print(`${checks.length - cut.length} promises in ${times(performance.now() - began, cpuOf(all))}`);
  if (cut.length > 0) print(`cut after ${effort.minutes} minutes: ${cut.join(" ")}`);
  return all;
}

/** A cut says nothing of the promise, for or against it; the run names it at its end. */
function cutOf({ id, property }: Check, { minutes = Number.POSITIVE_INFINITY }: Effort, passedMs: number): Result | null {
  if (passedMs < minutes * 60_000) return null;
  const skipped = `not begun within ${minutes} minutes`;
  return { id, property, ok: true, text: `cut: ${skipped}`, figure: null, faults: [], durationMs: 0, skipped, cut: true };
}

/** A long run stands behind a release: what it skips is not kept. */
function skipOf(check: Check, { long, form = "sqlite" }: Effort): Result | null {
  const { id, property } = check;
  const skipped = check.notOn?.[form] ?? missingFor(check);
  if (skipped === null) return null;
  const faults = long ? ["a long run skips nothing"] : [];
  return { id, property, ok: !long, text: `skipped: ${skipped}`, figure: null, faults, durationMs: 0, skipped };
}

function missingFor(check: Check): string | null {
  const { needs = process.platform } = check;
  return needs === process.platform ? (check.missing?.() ?? null) : `it needs ${needs}, this is ${process.platform}`;
}

/** Of a failure in words; reports/promises.json has it whole. */
const SHOWN_CHARACTERS = 400;

function explain({ id, faults, figure }: Result, { long, seed, runs, form }: Effort, print: Print): void {
  for (const fault of [...faults, ...(figure?.failures ?? [])]) print(`     ${fault.slice(0, SHOWN_CHARACTERS)}`);
  const options = [...(form ? [`--form=${form}`] : []), ...(long ? ["--long"] : []), ...(runs === undefined ? [] : [`--runs=${runs}`])];
  print(`     again: npm run promises -- ${[...options, `--seed=${seed}`, id].join(" ")}`);
}

/** In this process. */
export async function runCheck({ id, property, run }: Check, effort: Effort): Promise<Result> {
  const began = performance.now();
  const durationMs = () => Math.round(performance.now() - began);
  try {
    const figure = await run(effort);
    const faults = faultsOf(figure);
    return { id, property, ok: faults.length === 0, text: figureText(figure), figure, faults, durationMs: durationMs() };
  } catch (thrown) {
    const fault = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { id, property, ok: false, text: "the check broke", figure: null, faults: [fault], durationMs: durationMs() };
  }
}

function line({ id, ok, text, durationMs, cpuMs, skipped }: Result): string {
  const verdict = !ok ? "FAIL" : skipped === undefined ? "ok  " : "skip";
  return `${verdict} ${id.padEnd(4)} ${text}  (${times(durationMs, cpuMs)})`;
}

/** Of all of them; absent where none was measured. */
function cpuOf(results: readonly Result[]): number | undefined {
  const measured = results.flatMap(({ cpuMs }) => cpuMs ?? []);
  return measured.length === 0 ? undefined : measured.reduce((sum, one) => sum + one, 0);
}

function times(durationMs: number, cpuMs?: number): string {
  return cpuMs === undefined ? seconds(durationMs) : `${seconds(durationMs)}, CPU ${seconds(cpuMs)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** The checks with these ids, in their own order; all of them without ids. */
export function selectChecks(checks: readonly Check[], ids: readonly string[]): readonly Check[] {
  const unknown = ids.find((id) => !checks.some((check) => check.id === id));
  if (unknown !== undefined) throw new Error(`no check of "${unknown}"; there are ${checks.map(({ id }) => id).join(", ")}`);
  return ids.length === 0 ? checks : checks.filter(({ id }) => ids.includes(id));
}
