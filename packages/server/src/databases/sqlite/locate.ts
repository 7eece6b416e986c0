import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The program beside a bundle; the build step puts it there. */
const BUNDLED_WORKER = "sqlite-worker.mjs";

const here = fileURLToPath(import.meta.url);
const isBundle = !here.endsWith(".ts");

/** The program of the process that has a file open: the source file, or its own bundle beside the server's. */
export function workerFile(): string {
  return isBundle ? join(dirname(here), BUNDLED_WORKER) : fileURLToPath(new URL("./worker.ts", import.meta.url));
}

/** What that process may read of programs. */
export function readableFiles(): readonly string[] {
  if (isBundle) return [workerFile()];
  return [join(dirname(here), "../*"), join(dirname(here), "../../../package.json")];
}
