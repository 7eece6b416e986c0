import { parseArguments } from "../gate/arguments.ts";
import { type RunOptions, runTests } from "../gate/run-tests.ts";
import { allTestFiles, selectTestFiles } from "../gate/test-files.ts";

/** Runs the tests of the server that are named, or all but those left out, and says why those are. */
export async function runServerTests(leftOut: (file: string) => string | null, options: RunOptions): Promise<void> {
  const { patterns, nodeOptions } = parseArguments(process.argv.slice(2));
  const files = allTestFiles().filter((file) => file.startsWith("packages/server/test/"));
  const chosen = patterns.length > 0 ? selectTestFiles(files, patterns) : files.filter((file) => leftOut(file) === null);
  if (patterns.length === 0) {
    const others = files.filter((file) => !chosen.includes(file));
    for (const [reason, those] of Map.groupBy(others, leftOut)) console.log(`${those.length} files are left out: ${reason}`);
  }
  if (!(await runTests(chosen, nodeOptions, options))) process.exitCode = 1;
}
