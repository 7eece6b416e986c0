import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** A server in a process of its own, so that its CPU time and memory are its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** User and system time so far, µs. */
  cpuMicros(): number;
  /** Resident memory now, bytes. */
  rssBytes(): number;
  /** Highest resident memory so far, bytes. */
  peakBytes(): number;
  stop(): Promise<void>;
}

/** Clock ticks a second of /proc; fixed at 100 on Linux. */
const TICKS = 100;

/** Starts a script that prints a line of JSON with its `port` or its `url` when it is ready. */
export async function startServer(script: URL, args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script.pathname, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const port = await listeningPort(child);
  const pid = child.pid ?? 0;
  return {
    pid,
    port,
    cpuMicros: () => cpuMicros(pid),
    rssBytes: () => statusBytes(pid, "VmRSS"),
    peakBytes: () => statusBytes(pid, "VmHWM"),
    stop: () => stop(child),
  };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error("the server has no standard output");
  for await (const line of createInterface({ input: child.stdout })) {
    const { port, url } = JSON.parse(line) as { port?: number; url?: string };
    if (port !== undefined) return port;
    if (url !== undefined) return Number(new URL(url).port);
  }
  throw new Error(`the server ended before it was ready (${child.exitCode})`);
}

function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1_000_000;
}

function statusBytes(pid: number, field: string): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"));
  return Number(line?.[1] ?? 0) * 1_024;
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
