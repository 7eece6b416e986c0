import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../", import.meta.url).pathname;

export interface Source {
  /** Under src, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** What goes into the bundle: no tests and no test code. */
export function consoleSources(): Source[] {
  return readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts") && !path.includes("testing/"))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}
