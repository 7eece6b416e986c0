import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal that asked for it. */
  readonly afterMs: number;
}

/** The variables of the environment that a check gives; nothing else is handed on but what finds programs. */
export type Environment = { readonly [name: string]: string };

/** One process of the server, on a port of its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** From the start of the process until it takes requests, every unfinished run taken over. */
  readonly readyMs: number;
  /** Every line that it wrote. */
  readonly log: readonly string[];
  rssBytes(): number;
  /** Time of processors that all of its threads have used, to ten ms: what others on the machine do is not in it. */
  cpuMs(): number;
  /** From now on nobody reads what it writes: what it writes on stays there, or has nowhere to go. */
  leaveLog(how: "unread" | "closed"): void;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<Pick<Exit, "code" | "signal">>;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<Exit>;
}

/** What a check that broke leaves behind ends with the process that started it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Where the server's package lies: a copy of it, where bugs are hunted in one. */
export const SERVER = process.env["MILLRACE_PROMISES_SERVER"] ?? new URL("../../../packages/server", import.meta.url).pathname;

/** The gate says that there is one. */
let isBuilt = process.env["MILLRACE_TEST_BUNDLE"] !== undefined;

/** From now on servers are started as they are published, from the bundle that was made of these sources: it starts in half of the time. */
export function useBuild(): void {
  isBuilt = true;
}

/** The program of the server in this folder. A copy is bundled or not, and never stale; failpoints are in sources only. */
export function programOf(server: string, environment: Environment = {}): string {
  const bundle = join(server, "dist/cli.js");
  const isFresh = server === SERVER ? isBuilt : existsSync(bundle);
  return isFresh && environment["MILLRACE_FAILPOINTS"] === undefined ? bundle : join(server, "bin/millrace.js");
}

export interface StartOptions {
  readonly cwd?: string;
  /** It is expected to complain: what it writes to stderr is nobody's news. */
  readonly quiet?: boolean;
  /** Where the server's package lies: a copy with a planted bug in it. */
  readonly server?: string;
  /** A program and its arguments that the server runs under. */
  readonly under?: readonly string[];
}

export async function startProcess(environment: Environment, options: StartOptions = {}): Promise<ServerProcess> {
  const { cwd, quiet = false, server = SERVER, under = [] } = options;
  const began = performance.now();
  const start = [process.execPath, "--disable-warning=ExperimentalWarning", programOf(server, environment), "start", "--port", "0"];
  const [program = "", ...rest] = [...under, ...start];
  const child = spawn(program, rest, {
    ...(cwd !== undefined && { cwd }),
    env: environment,
    stdio: ["ignore", "pipe", quiet ? "ignore" : "inherit"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const ended = new Promise<Pick<Exit, "code" | "signal">>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const log: string[] = [];
  const { port, pid } = await listening(child, log);
  const readyMs = performance.now() - began;
  return {
    ...{ pid, port, readyMs, log, ended },
    rssBytes: () => rss(pid),
    cpuMs: () => cpuMs(pid),
    leaveLog: (how) => void (how === "closed" ? child.stdout?.destroy() : child.stdout?.removeAllListeners("data").pause()),
    end: (signal) => end(child, pid, signal),
  };
}

/** Resolves at the line that names the URL and the process, which is not the child's where it runs under another program; goes on gathering what is written. */
function listening(child: ChildProcess, log: string[]): Promise<{ port: number; pid: number }> {
  const { stdout } = child;
  if (!stdout) throw new Error("the server has no standard output");
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on("line", (line) => {
      log.push(line);
      const [, port, pid] = /"url":"http:\/\/[^"]+:(\d+)","pid":(\d+)/.exec(line) ?? [];
      if (port !== undefined) resolve({ port: Number(port), pid: Number(pid) });
    });
    child.once("exit", (code) => reject(new Error(`the server ended before it was ready (${code}): ${log.join("\n")}`)));
  });
}

function rss(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}

/** Linux counts it in hundredths of a second, whatever the kernel's own clock is. */
const TICK_MS = 10;

function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program, in brackets, may have anything in it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Signals the server itself: what it runs under ends with it, and as it did. */
function end(child: ChildProcess, pid: number, wanted: "SIGTERM" | "SIGKILL"): Promise<Exit> {
  const began = performance.now();
  return new Promise((resolve) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null) => resolve({ code, signal, afterMs: performance.now() - began });
    if (child.exitCode !== null || child.signalCode !== null) ended(child.exitCode, child.signalCode);
    else {
      child.once("exit", ended);
      signalProcess(pid, wanted);
    }
  });
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    // It has died by itself, and what it ran under is about to.
    if ((thrown as NodeJS.ErrnoException).code !== "ESRCH") throw thrown;
  }
}
