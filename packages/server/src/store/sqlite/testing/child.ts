import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export type Line = Readonly<Record<string, unknown>>;

const SCRIPT = fileURLToPath(new URL("./crash-child.ts", import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  readonly lines: readonly Line[];
  /** Resolves with the first line that has the member; rejects when the process ends before. */
  said(member: string): Promise<Line>;
  /** Resolves with the signal that ended it, or null. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** Starts the script; `failpoints` as in MILLRACE_FAILPOINTS. `onLine` is called for each line. */
export function startChild(
  dataDir: string,
  scenario: string,
  failpoints = "",
  onLine: (line: Line, child: ChildProcess) => void = () => undefined,
): Child {
  const env = { ...process.env, ...(failpoints !== "" && { MILLRACE_FAILPOINTS: failpoints }) };
  const child = spawn(process.execPath, [SCRIPT, dataDir, scenario], { env, stdio: ["ignore", "pipe", "inherit"] });
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  const output = createInterface({ input: child.stdout });
  output.on("line", (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    onLine(line, child);
    for (const look of waiting) look();
  });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  const drained = new Promise<void>((resolve) => output.once("close", resolve));
  const ended = Promise.all([exited, drained]).then(([signal]) => signal);
  const said = (member: string): Promise<Line> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((line) => member in line);
        if (found) resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`the process ended without saying "${member}"; it said ${JSON.stringify(lines)}`)));
    });
  return { process: child, lines, said, ended };
}
