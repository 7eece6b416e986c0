import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Was something of the sources, which are files and folders, changed after the file was made? Tests are no sources. */
export function isStale(file: string, sources: readonly string[]): boolean {
  const made = changedAt(file);
  return sources.some((source) => newestIn(source) > made);
}

/** Epoch milliseconds; 0 where there is no such file. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** A folder is changed by what is put into it and taken out of it too; of what is gone nothing can be fresh. */
function newestIn(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? Number.POSITIVE_INFINITY;
  const entries = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((entry) => !entry.endsWith(".test.ts"));
  return Math.max(found.mtimeMs, ...entries.map((entry) => changedAt(join(path, entry))));
}
