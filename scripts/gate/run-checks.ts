import { spawn } from "node:child_process";

/** One core each; every check is a process. */
const CHECKS_AT_ONCE = 2;

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

export type RunCheck = (name: string) => Promise<Outcome>;
type Print = (text: string) => void;

/** Runs every check, prints a line each and the whole output of those that fail; answers the names of the failed. */
export async function runChecks(names: readonly string[], run: RunCheck = runScript, print: Print = console.log): Promise<string[]> {
  const failed: string[] = [];
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const outcome = await run(name);
      print(`${outcome.ok ? "ok  " : "FAIL"} ${name.padEnd(14)} ${outcome.seconds.toFixed(1)} s`);
      if (outcome.ok) continue;
      failed.push(name);
      print(outcome.output.trimEnd().replace(/^/gm, "     "));
    }
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, worker));
  return failed;
}

/** `node --run` finds the script in package.json and puts node_modules/.bin on the PATH, as npm does, without npm's start-up time. */
async function runScript(name: string): Promise<Outcome> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["--run", name], { stdio: ["ignore", "pipe", "pipe"] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  return { ok: code === 0, output: chunks.join(""), seconds: (performance.now() - startedAt) / 1000 };
}
