import { globSync } from "node:fs";
import { matchesGlob } from "node:path";

const TEST_FILES = "{packages,scripts,examples,test}/**/*.test.ts";

export function allTestFiles(): string[] {
  return globSync(TEST_FILES, { exclude: ["**/node_modules/**", "**/dist/**"] })
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
}

/** Those of `files` that some pattern names: a path, a folder, a glob or a part of the path. No pattern: all of them. */
export function selectTestFiles(files: readonly string[], patterns: readonly string[]): string[] {
  if (patterns.length === 0) return [...files];
  const chosen = new Set<string>();
  for (const pattern of patterns) {
    const matching = files.filter((file) => matches(file, pattern));
    if (matching.length === 0) throw new Error(`no test file matches "${pattern}"; test files are named *.test.ts`);
    for (const file of matching) chosen.add(file);
  }
  return files.filter((file) => chosen.has(file));
}

function matches(file: string, pattern: string): boolean {
  const path = pattern.replaceAll("\\", "/").replace(/^\.\//, "");
  return file.includes(path) || matchesGlob(file, path);
}
