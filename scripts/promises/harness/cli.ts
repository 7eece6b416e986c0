import { execFile } from "node:child_process";
import { type Environment, programOf, SERVER } from "./server-process.ts";

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the command line, in a process of its own; `under`: a program and its arguments that it runs under. */
export function runCli(args: readonly string[], environment: Environment, under: readonly string[] = []): Promise<CliRun> {
  const [program = "", ...all] = [...under, process.execPath, "--disable-warning=ExperimentalWarning", programOf(SERVER), ...args];
  return new Promise((resolve) => {
    execFile(program, all, { env: environment }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
