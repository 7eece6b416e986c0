import { shownPath } from "#cli/shown-path";
import type { Settings } from "#config/settings";

/** Where the data lies, as people may read it: a database without who asks it, or a directory. */
export function shownData({ databaseUrl, dataDir }: Settings, cwd: string): string {
  if (databaseUrl === null) return shownPath(cwd, dataDir);
  const { host, pathname } = new URL(databaseUrl);
  return `postgres://${host}${pathname}`;
}
