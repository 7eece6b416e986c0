import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { BINARY } from "../cli/harness.ts";

export interface Verdict {
  readonly check: string;
  readonly verdict: string;
  readonly fix: string | null;
}

/** What `millrace doctor --json` says of a data directory; a port that nobody needs. */
export async function doctorOf(dataDir: string): Promise<readonly Verdict[]> {
  const env = { PATH: process.env["PATH"], MILLRACE_DATA_DIR: dataDir, MILLRACE_PORT: "0" };
  // What is wrong is told on stderr, with a status of its own.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [BINARY, "doctor", "--json"], { env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  if (stdout !== "") return (JSON.parse(stdout) as { checks: Verdict[] }).checks;
  return (JSON.parse(stderr) as { error: { errors: Verdict[] } }).error.errors;
}
