import { fileURLToPath } from "node:url";
import { inBundle } from "#bundle";

const BUNDLED = inBundle("sqlite-worker.mjs");
const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The program of the process that has a file open: the source file, or its own bundle. */
export function workerFile(): string {
  return BUNDLED ? fileURLToPath(BUNDLED) : fromHere("./worker.ts");
}

/** What that process may read of programs. */
export function readableFiles(): readonly string[] {
  return BUNDLED ? [workerFile()] : [fromHere("../*"), fromHere("../../../package.json")];
}
