import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The reader's program beside a bundle; the build step puts it there. */
const BUNDLED_WORKER = "parse-worker.mjs";

/** Packages that read formats, with all that they import. */
const PACKAGES = ["unpdf", "htmlparser2"] as const;
const BELOW = ["domelementtype", "domhandler", "domutils", "entities", "dom-serializer"] as const;

function here(): string {
  return fileURLToPath(import.meta.url);
}

function isBundle(): boolean {
  return !here().endsWith(".ts");
}

/** The program of the process that reads a file: the source file, or its own bundle beside the server's. */
export function workerFile(): string {
  return isBundle() ? join(dirname(here()), BUNDLED_WORKER) : fileURLToPath(new URL("./worker.ts", import.meta.url));
}

/** What that process may read: its own program. From sources that is this room and the packages. */
export function readableFiles(): readonly string[] {
  if (isBundle()) return [workerFile()];
  const room = dirname(here());
  const require = createRequire(import.meta.url);
  const folders = [...PACKAGES, ...BELOW].flatMap((name) => (require.resolve.paths(name) ?? []).map((folder) => join(folder, name, "*")));
  return [join(room, "*"), join(room, "../../package.json"), ...folders];
}
