import { statSync } from "node:fs";
import { dirname } from "node:path";

/** The user and group "nobody" of Linux, which own no file, as options of a process. */
export const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** Whether this process is root on Linux, and "nobody" can run a program that consists of these files. */
export function runsAsNobody(files: readonly string[]): boolean {
  return isRoot() && [process.execPath, ...files].every(isReadableByAll);
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
