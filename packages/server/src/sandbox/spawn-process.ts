import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { engineFile, readableFiles, workerFile } from "#sandbox/locate";
import { CHANNEL } from "#sandbox/protocol";

/** The user and group "nobody" of Linux: owns no file. */
const NOBODY = 65_534;

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
  return spawn(process.execPath, [...processOptions(), workerFile(), engineFile()], {
    cwd: emptyDirectory,
    env: {},
    stdio: ["ignore", "ignore", "pipe", ...Array<"ignore">(CHANNEL - 3).fill("ignore"), "pipe"],
    windowsHide: true,
    ...(dropsPrivileges() ? { uid: NOBODY, gid: NOBODY } : {}),
  });
}

/** Whether this process is root on Linux and its children can run as "nobody". */
export function dropsPrivileges(): boolean {
  return isRoot() && [process.execPath, workerFile(), engineFile()].every(isReadableByAll);
}

export function isRoot(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

/** Every directory on the way may be entered by others, and the file may be read by them. */
function isReadableByAll(file: string): boolean {
  if ((statSync(file).mode & 0o004) === 0) return false;
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if ((statSync(directory).mode & 0o001) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
