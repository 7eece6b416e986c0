import { existsSync } from "node:fs";
import { build } from "esbuild";
import { scan } from "./scan.ts";

/** The front doors of the pure rooms. */
const DOORS = [
  "packages/contract/src/index.ts",
  "packages/engine/src/index.ts",
  "packages/nodes/src/index.ts",
  "packages/nodes/src/specs.ts",
  "packages/nodes/src/executors.ts",
];

/** What libraries in the bundle may do all the same: `library what` to the reason. */
const LIBRARY_EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["acorn console", "one warning when ecmaVersion is missing, and we always give it"],
]);

/**
 * Bundles the pure rooms with their libraries and scans the result, so that a library which reads a clock or compiles
 * strings is seen too. Answers one sentence a problem.
 */
export async function bundleProblems(): Promise<string[]> {
  let bundle: string;
  try {
    bundle = await bundleDoors(DOORS.filter((door) => existsSync(door)));
  } catch (error) {
    return [`the pure rooms cannot be bundled: ${error instanceof Error ? error.message : error}`];
  }
  const lines = bundle.split("\n");
  return scan("bundle.js", bundle, "pure").flatMap((finding) => {
    const origin = originOf(lines, finding.line);
    if (LIBRARY_EXCEPTIONS.has(`${libraryOf(origin)} ${finding.what}`)) return [];
    return [`${origin} (bundled)  ${finding.what} ${finding.why}: ${lines[finding.line - 1]?.trim().slice(0, 120)}`];
  });
}

async function bundleDoors(doors: readonly string[]): Promise<string> {
  const contents = doors.map((door) => `export * as ${door.replace(/\W/g, "_")} from "./${door}";`).join("\n");
  const result = await build({
    stdin: { contents, resolveDir: process.cwd(), sourcefile: "doors.ts", loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    logLevel: "silent",
  });
  return result.outputFiles[0]?.text ?? "";
}

/** esbuild puts each module's path in a comment of its own line above its code. */
function originOf(lines: readonly string[], line: number): string {
  const comment = lines.slice(0, line).findLast((text) => /^\s*\/\/ \S+\.[cm]?[jt]s$/.test(text));
  return comment?.replace(/^\s*\/\/ /, "") ?? "bundle";
}

/** "node_modules/@scope/name/file.js" -> "@scope/name". */
function libraryOf(path: string): string {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? "";
}
