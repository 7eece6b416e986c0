import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import type { JsonObject } from "@millrace/contract";
import { type Answer, type Call, send } from "./send.ts";

/** An admin key that every server of the harness is started with: it lives as long as a check, on loopback. */
export const ADMIN_KEY = `mr_${"p".repeat(40)}`;

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal that asked for it. */
  readonly afterMs: number;
}

/** A server in a process of its own, on a port of its own. */
export interface Millrace {
  readonly pid: number;
  readonly port: number;
  /** From the start of the process until it takes requests, every unfinished run taken over. */
  readonly readyMs: number;
  /** Every line that it wrote. */
  readonly log: readonly string[];
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** A call with the admin key; throws where it fails. */
  manage(method: string, path: string, body?: object): Promise<JsonObject>;
  /** Publishes; answers the workflow's id and a key for it. */
  publish(document: JsonObject, scopes?: readonly string[]): Promise<{ id: string; key: string }>;
  rssBytes(): number;
  /** Time of processors that all of its threads have used, to ten ms: what others on the machine do is not in it. */
  cpuMs(): number;
  /** From now on nobody reads what it writes: what it writes on stays there, or has nowhere to go. */
  leaveLog(how: "unread" | "closed"): void;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<Pick<Exit, "code" | "signal">>;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<Exit>;
}

/** The variables of the environment that a check gives; nothing else is handed on but what finds programs. */
export type Environment = { readonly [name: string]: string };

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

export async function startMillrace(environment: Environment, options: StartOptions = {}): Promise<Millrace> {
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
  const call = (method: string, path: string, given?: Call) => send(port, method, path, given);
  const manage = async (method: string, path: string, body?: object): Promise<JsonObject> => {
    const answer = await call(method, path, { key: ADMIN_KEY, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  const publish = async (document: JsonObject, scopes: readonly string[] = ["invoke", "query"]) => {
    const deployed = await manage("POST", "/api/v1/deploy", { document, publish: true });
    const [{ id } = { id: "" }] = deployed["workflows"] as { id: string }[];
    const { key } = await manage("POST", "/api/v1/keys", { workflows: [id], scopes });
    return { id, key: String(key) };
  };
  return {
    pid,
    port,
    readyMs,
    log,
    call,
    manage,
    publish,
    rssBytes: () => rss(pid),
    cpuMs: () => cpuMs(pid),
    leaveLog: (how) => void (how === "closed" ? child.stdout?.destroy() : child.stdout?.removeAllListeners("data").pause()),
    ended,
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

/** Compiled code of every thread of a server, for all of them: a check starts dozens, and each starts a fifth faster. */
const COMPILED = join(tmpdir(), `millrace-promises-compiled-${process.getuid?.() ?? ""}`);

/** The settings of a server on this data directory: an admin key, and a log of what went wrong only. */
export function settingsFor(dataDir: string, more: Environment = {}): Environment {
  const own = { MILLRACE_DATA_DIR: dataDir, MILLRACE_ADMIN_KEY: ADMIN_KEY, MILLRACE_LOG_LEVEL: "error" };
  return { NODE_COMPILE_CACHE: COMPILED, ...own, ...more };
}

export async function withDataDir<T>(use: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-promise-"));
  try {
    return await use(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A server with a data directory of its own, for as long as `use` takes. */
export function withMillrace<T>(more: Environment, use: (server: Millrace, dataDir: string) => Promise<T>): Promise<T> {
  return withDataDir(async (dataDir) => {
    const server = await startMillrace(settingsFor(dataDir, more));
    try {
      return await use(server, dataDir);
    } finally {
      await server.end("SIGKILL");
    }
  });
}
