import { statSync } from "node:fs";
import { join } from "node:path";

/** What the database takes of the disk, its log included. */
export function databaseBytes(dataDir: string): number {
  const bytesOf = (name: string) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0;
  return bytesOf("millrace.db") + bytesOf("millrace.db-wal");
}
