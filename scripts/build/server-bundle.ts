import { join } from "node:path";
import { isStale } from "./stale.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** What `npm run build` and `build-server` make. */
export const SERVER_BUNDLE = join(ROOT, "packages/server/dist/cli.js");

/** What goes into it; the packages that it takes in are those of the lock file. */
const SOURCES = [
  ...["server/src", "server/package.json", "contract/src", "engine/src", "nodes/src", "sdk/src", "console/dist"].map(
    (source) => `packages/${source}`,
  ),
  ...["docs/errors", "scripts/build", "scripts/build-server.ts", "package-lock.json"],
].map((source) => join(ROOT, source));

/** The program of the server as it is published, where it was made of these sources; null where it has to be made anew. */
export function freshBundle(): string | null {
  return isStale(SERVER_BUNDLE, SOURCES) ? null : SERVER_BUNDLE;
}
