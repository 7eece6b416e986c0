import { type ChildProcess, spawn } from "node:child_process";
import { NOBODY, runsAsNobody } from "#nobody";
import { engineFile, readableFiles, templateEngineFile, workerFile } from "#sandbox/locate";
import { CHANNEL } from "#sandbox/protocol";

/**
 * Options of the process. It may read its own program and nothing else; it may not write a file, start a process or a thread, load an
 * addon or turn text into host code. The heap of the host side holds frames and programs; the guest's memory is not part of it.
 * The stack leaves room for the engine's own limit of 512 KiB, whose calls take several times that on the host's stack.
 */
export function processOptions(): string[] {
  return [
    "--permission",
    ...readableFiles().map((file) => `--allow-fs-read=${file}`),
    "--disallow-code-generation-from-strings",
    "--no-addons",
    "--no-warnings",
    "--max-old-space-size=64",
    "--max-semi-space-size=1",
    "--v8-pool-size=1",
    "--stack-size=3900",
  ];
}

/**
 * Starts a sandbox process: empty environment, an empty working directory, one pipe for the calls and one for what it says when it cannot
 * start. As root it becomes "nobody", where that user can read the program.
 */
export function spawnSandboxProcess(emptyDirectory: string): ChildProcess {
  return spawn(process.execPath, [...processOptions(), workerFile(), engineFile(), templateEngineFile()], {
    cwd: emptyDirectory,
    env: {},
    stdio: ["ignore", "ignore", "pipe", ...Array<"ignore">(CHANNEL - 3).fill("ignore"), "pipe"],
    windowsHide: true,
    ...(dropsPrivileges() ? NOBODY : {}),
  });
}

/** Whether the processes run as "nobody". */
export function dropsPrivileges(): boolean {
  return runsAsNobody([workerFile(), engineFile(), templateEngineFile()]);
}
