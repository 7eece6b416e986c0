import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inBundle } from "#bundle";

const BUNDLED = inBundle("parse-worker.mjs");
const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Packages that read formats, with all that they import. */
const PACKAGES = ["unpdf", "htmlparser2"] as const;
const BELOW = ["domelementtype", "domhandler", "domutils", "entities", "dom-serializer"] as const;

/** The program of the process that reads a file: the source file, or its own bundle. */
export function workerFile(): string {
  return BUNDLED ? fileURLToPath(BUNDLED) : fromHere("./worker.ts");
}

/** What that process may read: its own program. From sources that is this room and the packages. */
export function readableFiles(): readonly string[] {
  if (BUNDLED) return [workerFile()];
  const require = createRequire(import.meta.url);
  const folders = [...PACKAGES, ...BELOW].flatMap((name) => (require.resolve.paths(name) ?? []).map((folder) => join(folder, name, "*")));
  return [fromHere("./*"), fromHere("../../package.json"), ...folders];
}
