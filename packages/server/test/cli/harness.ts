import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// The real command in a process of its own, in a folder of its own, with nothing of this machine's environment but PATH.

const SOURCES = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** The bundle, where the gate says that it was made of these sources: one that only lies there may be older. */
export const BINARY = process.env["MILLRACE_TEST_BUNDLE"] ?? SOURCES;

/** Failpoints are in sources only. */
function programFor({ env = {}, sources = false }: RunOptions): string {
  return sources || "MILLRACE_FAILPOINTS" in env ? SOURCES : BINARY;
}

/** Compiled code is shared by all commands of all tests: half of each one's time. */
const COMPILE_CACHE = join(tmpdir(), "millrace-cli-tests");

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Default: the project's folder. */
  readonly cwd?: string;
  /** From the sources, by whose names the modules are known. */
  readonly sources?: boolean;
}

/** A command that goes on running. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves when the text that was printed so far, on stdout or stderr, matches. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit status, once it ends by itself. */
  readonly ended: Promise<number | null>;
  /** Sends the signal; resolves with the exit status. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export class Project {
  readonly dir = mkdtempSync(join(tmpdir(), "millrace-cli-"));
  readonly #running: Running[] = [];

  constructor() {
    mkdirSync(join(this.dir, "work"));
    mkdirSync(join(this.dir, "home"));
  }

  /** The current directory of every command. */
  get cwd(): string {
    return join(this.dir, "work");
  }

  path(...parts: string[]): string {
    return join(this.cwd, ...parts);
  }

  write(path: string, content: string | object): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), typeof content === "string" ? content : JSON.stringify(content));
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    const { PATH = "" } = process.env;
    return { PATH, HOME: join(this.dir, "home"), NODE_COMPILE_CACHE: COMPILE_CACHE, ...extra };
  }

  /** Runs a command to its end. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return finish(spawn(process.execPath, [programFor(options), ...args], this.#spawning(options)), options.input);
  }

  /** Runs a line of bash; `millrace` is the command. */
  bash(line: string, options: RunOptions = {}): Promise<Result> {
    const script = `millrace() { "${process.execPath}" "${BINARY}" "$@"; }\n${line}`;
    return finish(spawn("bash", ["-o", "pipefail", "-c", script], this.#spawning(options)), options.input);
  }

  /** Starts a command that goes on until it is ended; what still runs is ended with the project. */
  start(args: readonly string[], options: RunOptions = {}): Running {
    return this.startAs(process.execPath, [programFor(options), ...args], options);
  }

  /** As `start`, for another program. */
  startAs(program: string, args: readonly string[], options: RunOptions = {}): Running {
    const running = follow(spawn(program, args, this.#spawning(options)));
    this.#running.push(running);
    return running;
  }

  /** The command at a terminal of its own, where it may ask: its stdout has all that the terminal shows, and stdin is what is typed. */
  atTerminal(line: string, options: RunOptions = {}): Running {
    const command = `"${process.execPath}" "${BINARY}" ${line}`;
    const { env = {}, ...rest } = options;
    const running = follow(spawn("script", ["-qefc", command, "/dev/null"], this.#spawning({ ...rest, env: { TERM: "xterm", ...env } })));
    this.#running.push(running);
    return running;
  }

  /** `millrace dev`, ready. */
  async dev(args: readonly string[] = ["--port", "0"], options: RunOptions = {}): Promise<Running> {
    const running = this.start(["dev", ...args], options);
    await running.seen(/API +http:\S+[\s\S]*Flows .*\n/);
    return running;
  }

  async dispose(): Promise<void> {
    for (const running of this.#running) await running.end("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }

  #spawning({ env, cwd = this.cwd }: RunOptions) {
    return { cwd, env: this.environment(env), stdio: "pipe" as const };
  }
}

/** The data of a command that is expected to succeed. */
export function dataOf<T>(result: Result): T {
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout) as T;
}

/** The one line that a failing command prints with `-o json`. */
export function errorOf(result: Result): {
  type: string;
  code: number | null;
  message: string;
  hint: string | null;
  httpStatus: number | null;
  requestId: string | null;
} {
  assert.notEqual(result.status, 0);
  assert.match(result.stderr, /^[^\n]+\n$/, "one line on stderr");
  return (JSON.parse(result.stderr) as { error: ReturnType<typeof errorOf> }).error;
}

/** Base URL of a server, from what it printed. */
export function urlOf(running: Running): string {
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(running.stdout())?.[0];
  assert.ok(url, running.stdout() + running.stderr());
  return url;
}

function finish(child: ChildProcess, input = ""): Promise<Result> {
  const running = follow(child);
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout: running.stdout(), stderr: running.stderr() }));
  });
}

function follow(child: ChildProcess): Running {
  const text = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
      for (const watcher of watchers) watcher();
    });
  }
  const closed = new Promise<number | null>((resolve) => child.once("close", (status) => resolve(status)));
  const seen = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text.stdout) ?? pattern.exec(text.stderr);
        if (!found) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
      void closed.then(() => reject(new Error(`ended without ${pattern}: ${text.stdout}${text.stderr}`)));
    });
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    seen,
    ended: closed,
    end: async (signal = "SIGTERM") => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return closed;
    },
  };
}
