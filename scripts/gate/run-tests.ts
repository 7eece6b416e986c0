import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { freshBundle } from "../build/server-bundle.ts";

/** Files at once: two cores, and several tests start servers of their own. */
const FILES_AT_ONCE = 2;
/** No single test may take longer; without a limit one that hangs would hang the gate. */
const TEST_TIMEOUT_MS = 300_000;
/** A minute more than any test may take: whoever is silent for longer has finished and left something open. */
const SILENCE_MS = TEST_TIMEOUT_MS + 60_000;
/** The full report; the screen shows failures, figures and node's closing counts. */
const REPORT = "reports/tests.txt";
/** Every file is a process of its own: what one has stripped of its types and compiled, the next ones find here. A third of a file's time. */
const COMPILED = resolve("node_modules/.cache/tests");

export interface RunOptions {
  /** Where the full report goes. */
  readonly report?: string;
  /** Variables of the tests, beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the files with Node's own runner; answers whether all passed. */
export async function runTests(
  files: readonly string[],
  nodeOptions: readonly string[],
  { report = REPORT, env = {} }: RunOptions = {},
): Promise<boolean> {
  mkdirSync("reports", { recursive: true });
  console.log(`\n${files.length} test files; the full report is in ${report}\n`);
  const bundle = freshBundle();
  const reporter = new URL("reporter.ts", import.meta.url).href;
  const child = spawn(
    process.execPath,
    [
      "--test",
      `--test-concurrency=${FILES_AT_ONCE}`,
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      "--test-reporter=spec",
      `--test-reporter-destination=${report}`,
      `--test-reporter=${reporter}`,
      "--test-reporter-destination=stdout",
      ...nodeOptions,
      ...files,
    ],
    {
      stdio: "inherit",
      env: {
        TEST_SILENCE_MS: `${SILENCE_MS}`,
        TEST_REPORT: report,
        NODE_COMPILE_CACHE: COMPILED,
        // Commands and servers in processes of their own start from it in half of the time; who runs a file alone, or from stale sources, starts those.
        ...(bundle !== null && { MILLRACE_TEST_BUNDLE: bundle }),
        ...process.env,
        ...env,
      },
    },
  );
  const code = await new Promise<number | null>((done, failed) => child.once("error", failed).once("close", done));
  return code === 0;
}
