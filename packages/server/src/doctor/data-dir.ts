import { accessSync, constants, existsSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Check } from "#doctor/check";

/** Below this a busy server fills the disk before anybody looks: a day of journals, and a database that is copied for a backup. */
const NEEDED_BYTES = 1_000_000_000;

const MEGABYTE = 1_000_000;

/** The directory itself, or the nearest one above it that exists: where the first start would make it. */
function existing(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : existing(dirname(path));
}

export const checkDataDir: Check = ({ settings: { dataDir }, shownDataDir }) => {
  const folder = existing(dataDir);
  if (!statSync(folder).isDirectory()) return { problem: `${shownDataDir} is not a directory`, fix: "set MILLRACE_DATA_DIR to one" };
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch {
    return { problem: `${shownDataDir} cannot be written`, fix: `give this user the right to write ${folder}, or set MILLRACE_DATA_DIR` };
  }
};

export const checkDisk: Check = async ({ settings: { dataDir }, shownDataDir }) => {
  const { bavail, bsize } = await statfs(existing(dataDir));
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return null;
  return { problem: `${Math.floor(free / MEGABYTE)} MB free in ${shownDataDir}, 1 GB needed`, fix: "free space or set MILLRACE_DATA_DIR" };
};
