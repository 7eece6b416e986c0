import { spawn } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import { CHECKS } from "../checks.ts";
import { runAlone } from "../frame/alone.ts";
import type { Effort } from "../frame/check.ts";
import { selectChecks } from "../frame/run.ts";
import { withPlantedServer, withPlantedTests } from "../harness/plant.ts";
import type { HuntedBug } from "./bugs.ts";

/** A check that has not ended after so many minutes has found nothing. */
const LIMIT_MINUTES = 5;

const ONE_CHECK = new URL("../one-check.ts", import.meta.url).pathname;

export interface Hunt {
  /** What showed the bug, in words; null: nothing did. */
  readonly shown: string | null;
  /** Why it is no proof: the check broke, or no test passed at all. */
  readonly broke?: string;
  readonly seconds: number;
}

/** Plants the bug in a copy of the server and has it looked for. Found is what is shown by a figure or by a test: a check that breaks shows nothing. */
export async function hunt({ changes, finder }: HuntedBug, effort: Effort): Promise<Hunt> {
  const began = performance.now();
  const found =
    "check" in finder
      ? await withPlantedServer(changes, (copy) => byCheck(finder.check, copy, effort))
      : await withPlantedTests(changes, (copy) => byTests(finder, copy));
  return { ...found, seconds: (performance.now() - began) / 1_000 };
}

type Found = Omit<Hunt, "seconds">;

async function byCheck(id: string, copy: string, effort: Effort): Promise<Found> {
  const [check] = selectChecks(CHECKS, [id]);
  if (!check) throw new Error(`no check of ${id}`);
  const limits = { change: LIMIT_MINUTES, long: LIMIT_MINUTES };
  const { figure, faults } = await runAlone(ONE_CHECK, limits, { MILLRACE_PROMISES_SERVER: copy })(check, effort);
  if (figure === null) return { shown: null, broke: String(faults[0]) };
  return { shown: faults.length === 0 ? null : faults.join("; ") };
}

/** What only a copy that runs gives: something was not as it should be, or never came. */
const WRONG = /^ +(code: 'ERR_ASSERTION'|failureType: 'testTimeoutFailure')$/m;

async function byTests({ tests, only }: { readonly tests: string; readonly only?: string }, copy: string): Promise<Found> {
  const options = [
    "--disable-warning=ExperimentalWarning",
    "--test",
    "--test-force-exit",
    "--test-reporter=tap",
    `--test-timeout=${LIMIT_MINUTES * 60_000}`,
    ...(only === undefined ? [] : [`--test-name-pattern=^${only}$`]),
  ];
  const child = spawn(process.execPath, [...options, tests], { cwd: copy, stdio: ["ignore", "pipe", "inherit"] });
  const [report] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const count = (word: string) => Number(new RegExp(`^# ${word} (\\d+)$`, "m").exec(report)?.[1] ?? 0);
  const [passed, failed] = [count("pass"), count("fail") + count("cancelled")];
  if (passed === 0 && !WRONG.test(report)) return { shown: null, broke: "no test passed: the copy does not run" };
  return { shown: failed === 0 ? null : `${failed} of ${passed + failed} tests` };
}
