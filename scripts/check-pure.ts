import { globSync, readFileSync } from "node:fs";
import { bundleProblems } from "./pure/bundle.ts";
import type { Purity } from "./pure/report.ts";
import { scan } from "./pure/scan.ts";

/** Packages that touch no clock, chance, timer, process or network: what they need of the world is an argument. */
const PURE_SOURCES = "packages/{contract,engine,nodes}/src/**/*.ts";
const ALL_SOURCES = "{packages/*/{bin,src,test,scripts},scripts}/**/*.{ts,tsx,js,mjs,cjs}";
const NOT_SOURCES = ["**/node_modules/**", "**/dist/**", "**/fixtures/**"];

function isTestCode(path: string): boolean {
  return path.endsWith(".test.ts") || path.split("/").includes("testing");
}

function sourceProblems(files: readonly string[]): string[] {
  const pureFiles = new Set(globSync(PURE_SOURCES));
  return files.flatMap((path) => {
    const purity: Purity = pureFiles.has(path) && !isTestCode(path) ? "pure" : "host";
    return scan(path, readFileSync(path, "utf8"), purity).map(({ line, what, why }) => `${path}:${line}  ${what} ${why}`);
  });
}

const files = globSync(ALL_SOURCES, { exclude: NOT_SOURCES }).sort();
const problems = [...sourceProblems(files), ...(await bundleProblems())];
for (const problem of problems) console.error(problem);
console.log(`${files.length} files and the bundle of the pure rooms: ${problems.length} findings`);
if (problems.length > 0) process.exitCode = 1;
