import { execFile } from "node:child_process";

/** What it ran kept a program from printing what it found: it came to its limit, or nothing went on any more. */
export class NoEvidence extends Error {
  override name = "NoEvidence";
}

/** For a bug that is known to be there: one failure shows it. */
export interface PlantedSearch {
  /** Of processors. A copy that takes longer never ends, which shows it, too. */
  readonly cpuSeconds: number;
}

/** Failures after which a program stops looking; absent: as many as it thinks. */
export const enoughFor = (search: PlantedSearch | undefined): readonly string[] => (search ? ["1"] : []);

/** Node's status when something is awaited that nobody will settle. */
const UNSETTLED = 13;

/** A report names every attempt of every delivery of a long run. */
const MAX_BYTES = 2 ** 30;

/**
 * The JSON that a program of ours prints, in a process of its own; `cpuSeconds` of processors at most, which a busy machine does not shorten.
 * Rejects with NoEvidence.
 */
export function evidenceOf<T>(program: readonly string[], cpuSeconds?: number): Promise<T> {
  const node = [process.execPath, "--disable-warning=ExperimentalWarning", ...program];
  const [command = "", ...rest] = cpuSeconds === undefined ? node : ["sh", "-c", `ulimit -t ${cpuSeconds}; exec "$@"`, "sh", ...node];
  return new Promise((resolve, reject) => {
    execFile(command, rest, { maxBuffer: MAX_BYTES }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as T);
      } catch {
        const how = error === null ? "ended" : (error.signal ?? `ended with ${error.code}`);
        const isKept = error === null || error.signal || error.code === UNSETTLED;
        const Thrown = isKept ? NoEvidence : Error;
        reject(new Thrown(`${program[0]} ${how} and printed nothing: ${stderr.slice(-2_000)}`));
      }
    });
  });
}
