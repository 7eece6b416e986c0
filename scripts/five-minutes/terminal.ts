import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { sees } from "./walk.ts";

/** Of a command that ends by itself. */
const TIMEOUT_MS = 60_000;

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on. */
export interface Running {
  /** Resolves when what it printed so far matches. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  end(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

export interface TerminalOptions {
  /** Nothing of the project is there. */
  readonly bare?: boolean;
  /** Of a command that ends by itself. */
  readonly timeoutMs?: number;
}

/** A person's terminal in a fresh folder, with `npx` and, in place of `npm install`, the built package and the built SDK in `node_modules`. */
export class Terminal {
  readonly folder: string;
  readonly #home = mkdtempSync(join(tmpdir(), "millrace-minutes-"));
  readonly #running: Running[] = [];
  readonly #variables: { [name: string]: string } = {};
  readonly #timeoutMs: number;
  #cwd: string;

  constructor({ bare = false, timeoutMs = TIMEOUT_MS }: TerminalOptions = {}) {
    this.folder = join(this.#home, "work");
    this.#cwd = this.folder;
    this.#timeoutMs = timeoutMs;
    mkdirSync(this.folder);
    if (!bare) this.#installBuilt();
  }

  #installBuilt(): void {
    const modules = join(this.folder, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    mkdirSync(join(modules, "@millrace"));
    const command = resolve("dist/millrace/bin/millrace.js");
    chmodSync(command, 0o755);
    symlinkSync(command, join(modules, ".bin/millrace"));
    symlinkSync(resolve("packages/sdk/dist"), join(modules, "@millrace/sdk"));
  }

  /** Where its commands run. */
  cd(folder: string): void {
    this.#cwd = resolve(this.#cwd, folder);
  }

  path(...parts: string[]): string {
    return join(this.#cwd, ...parts);
  }

  export(name: string, value: string): void {
    this.#variables[name] = value;
  }

  /** Runs a line to its end; throws where it ends with another status. */
  async run(line: string, status = 0): Promise<Said> {
    const child = this.#spawn(line);
    const text = gather(child);
    const timer = setTimeout(() => kill(child), this.#timeoutMs);
    const ended = await exit(child);
    clearTimeout(timer);
    if (ended !== status) throw new Error(`${line}\nended with ${ended}, and should with ${status}:\n${text.stdout}${text.stderr}`);
    return { status: ended, ...text };
  }

  start(line: string): Running {
    const child = this.#spawn(line);
    const text = gather(child);
    const ended = exit(child);
    const running: Running = {
      seen: (pattern) =>
        new Promise((resolveSeen, reject) => {
          const look = (): void => {
            const found = pattern.exec(text.stdout + text.stderr);
            if (found) resolveSeen(found);
          };
          for (const stream of [child.stdout, child.stderr]) stream?.on("data", look);
          void ended.then((code) => {
            try {
              resolveSeen(sees(text.stdout + text.stderr, pattern));
            } catch (error) {
              reject(new Error(`${line} ended with ${code}`, { cause: error }));
            }
          });
          look();
        }),
      end: async (signal) => {
        kill(child, signal);
        await ended;
      },
    };
    this.#running.push(running);
    return running;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((one) => one.end()));
    rmSync(this.#home, { recursive: true, force: true });
  }

  #spawn(line: string): ChildProcess {
    const { PATH = "" } = process.env;
    const env = { PATH, HOME: this.#home, ...this.#variables };
    return spawn("bash", ["-o", "pipefail", "-c", line], { cwd: this.#cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  }
}

function gather(child: ChildProcess): { stdout: string; stderr: string } {
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (part: string) => {
      text[name] += part;
    });
  return text;
}

/** With all that it started: it leads a process group. */
function kill(child: ChildProcess, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
}

function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolveExit, reject) => child.once("error", reject).once("close", resolveExit));
}
