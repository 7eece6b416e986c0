import { statSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "#doctor/check";

/** Files that hold a secret. */
const FILES = ["secret.key", "admin.key", "dev.key"];

/** Permissions of the group and of everybody. */
const OTHERS = 0o077;

/** Windows keeps permissions elsewhere. */
export const checkKeyFiles: Check = ({ settings: { dataDir }, shownDataDir }) => {
  if (process.platform === "win32") return null;
  const open = FILES.filter((name) => ((statSync(join(dataDir, name), { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0);
  if (open.length === 0) return null;
  const paths = open.map((name) => `${shownDataDir}/${name}`).join(" ");
  return { problem: `${paths} can be read by other users`, fix: `chmod 600 ${paths}` };
};
