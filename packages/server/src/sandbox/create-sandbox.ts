import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import type { CancelSignal, Sandbox, SandboxCall, SandboxResult, TemplateCall } from "@millrace/nodes";
import { isRoot } from "#nobody";
import { Job, type JobRequest } from "#sandbox/job";
import {
  DEFAULT_MEMORY_BYTES,
  DEFAULT_POOL_SIZE,
  DEFAULT_TIMEOUT_MS,
  MAX_CODE_CHARS,
  MAX_INPUT_BYTES,
  MAX_MEMORY_BYTES,
  MAX_TIMEOUT_MS,
  MIN_MEMORY_BYTES,
  TEMPLATE_TIMEOUT_MS,
} from "#sandbox/limits";
import { Pool } from "#sandbox/pool";
import { CodeProblemError } from "#sandbox/program/problem";
import { ProgramCache, type SandboxProgram } from "#sandbox/program/program-cache";
import { SandboxError } from "#sandbox/sandbox-error";
import { SandboxProcess } from "#sandbox/sandbox-process";
import { dropsPrivileges, spawnSandboxProcess } from "#sandbox/spawn-process";
import { templateFailure } from "#sandbox/template-failure";

export interface SandboxOptions {
  /** Processes at most, 1 to 64; default one a core, 2 at most. A call without end may add as many again. */
  readonly poolSize?: number;
  readonly logger?: SandboxLogger;
  /** Calls after which a process is replaced; default 100,000. */
  readonly callsPerProcess?: number;
  /**
   * The working directory of all its processes, which nothing is ever written to; made with the first one, and kept. A server gives one among its
   * data, which its next life finds again: a kill leaves nothing behind. Default one of the system's temporary ones, removed at the end.
   */
  readonly directory?: string;
}

export interface SandboxLogger {
  warn(message: string): void;
}

export interface ServerSandbox extends Sandbox {
  /** Starts the first process and lets the engine's hot code be compiled, so that the first call of a user is a fast one. */
  warm(): Promise<void>;
  /** Ends all processes; calls without an answer fail. For the end of the server, after the runtime has stopped. */
  close(): Promise<void>;
  /** Process ids of the sandbox processes that run now. */
  pids(): number[];
}

const MAX_POOL_SIZE = 64;

/** Calls of `warm`: the engine's call path is compiled by the host after a few dozen. */
const WARM_CALLS = 50;
const WARM_CALL: SandboxCall = { language: "javascript", code: "return inputs.a + 1;", inputs: { a: 1 } };

/** The one sandbox of a server. No process is started before the first call or `warm`, and none keeps the server's process alive. */
export function createSandbox(options: SandboxOptions = {}): ServerSandbox {
  const { poolSize = Math.min(availableParallelism(), DEFAULT_POOL_SIZE), logger, callsPerProcess, directory: kept } = options;
  if (!Number.isInteger(poolSize) || poolSize < 1 || poolSize > MAX_POOL_SIZE)
    throw new RangeError(`poolSize must be a whole number from 1 to ${MAX_POOL_SIZE}`);
  const programs = new ProgramCache();
  const directory = new EmptyDirectory(kept);
  const warn = (message: string) => logger?.warn(message);
  const pool = new Pool(poolSize, (owner) => new SandboxProcess(spawnSandboxProcess(directory.path(warn)), owner, callsPerProcess), warn);

  const perform = (request: JobRequest, signal: CancelSignal | undefined) =>
    new Promise<SandboxResult>((resolve, reject) => {
      if (signal?.aborted) throw new TerminalError("cancelled", "the call was cancelled");
      pool.add(new Job(request, { resolve, reject }, signal));
    });
  const run = async (call: SandboxCall) => perform(requestOf(call, programs), call.signal);

  const render = async (call: TemplateCall): Promise<string> => {
    const request = templateRequestOf(call, programs);
    try {
      return String((await perform(request, call.signal)).value);
    } catch (error) {
      throw templateFailure(error, call);
    }
  };

  return {
    run,
    render,
    pids: () => pool.pids(),
    async warm() {
      for (let i = 0; i < WARM_CALLS; i++) await run(WARM_CALL);
    },
    async close() {
      await pool.close();
      directory.remove();
    },
  };
}

/** Throws `SandboxError` for code that cannot be read and for inputs that are too large. */
function requestOf(call: SandboxCall, programs: ProgramCache): JobRequest {
  return {
    program: findProgram(call, programs),
    ...textOfInputs(call.inputs, "inputs of the code"),
    timeoutMs: within(call.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1, MAX_TIMEOUT_MS),
    memoryBytes: within(call.memoryBytes ?? DEFAULT_MEMORY_BYTES, MIN_MEMORY_BYTES, MAX_MEMORY_BYTES),
  };
}

/** Throws `SandboxError` for a template or values that are too large. */
function templateRequestOf({ template, values, timeoutMs = TEMPLATE_TIMEOUT_MS }: TemplateCall, programs: ProgramCache): JobRequest {
  if (template.length > MAX_CODE_CHARS)
    throw new SandboxError("limit_exceeded", `the template is longer than its limit of ${MAX_CODE_CHARS} characters`);
  return {
    program: programs.template(template),
    ...textOfInputs(values, "values of the template"),
    timeoutMs: within(timeoutMs, 1, MAX_TIMEOUT_MS),
    memoryBytes: 0,
  };
}

function textOfInputs(values: JsonObject, what: string): Pick<JobRequest, "inputs" | "inputBytes"> {
  const inputs = JSON.stringify(values);
  const inputBytes = Buffer.byteLength(inputs);
  if (inputBytes > MAX_INPUT_BYTES)
    throw new SandboxError("limit_exceeded", `the ${what} are larger than their limit of ${MAX_INPUT_BYTES / 1024 / 1024} MiB of JSON`);
  return { inputs, inputBytes };
}

function findProgram({ language, code, inputs }: SandboxCall, programs: ProgramCache): SandboxProgram {
  try {
    return programs.find(language, code, inputs);
  } catch (error) {
    if (!(error instanceof CodeProblemError)) throw error;
    const { message, line, column } = error.problem;
    throw new SandboxError("code_error", `SyntaxError: ${message} (line ${line}, column ${column})`);
  }
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.floor(value)));
}

class EmptyDirectory {
  readonly #kept: string | undefined;
  #made: string | undefined;
  readonly #onExit = (): void => this.remove();

  constructor(kept: string | undefined) {
    this.#kept = kept;
  }

  path(warn: (message: string) => void): string {
    if (this.#made === undefined) {
      this.#made = this.#make();
      if (isRoot() && !dropsPrivileges()) warn("sandbox processes run as root, because another user could not read the program's files");
    }
    return this.#made;
  }

  #make(): string {
    if (this.#kept !== undefined) {
      mkdirSync(this.#kept, { recursive: true, mode: 0o700 });
      return this.#kept;
    }
    process.once("exit", this.#onExit);
    return mkdtempSync(join(tmpdir(), "millrace-sandbox-"));
  }

  remove(): void {
    process.removeListener("exit", this.#onExit);
    if (this.#made !== undefined && this.#kept === undefined) rmSync(this.#made, { recursive: true, force: true });
    this.#made = undefined;
  }
}
