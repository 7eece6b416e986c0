import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { usageError } from "#cli/cli-error";
import { FLOWS_FOLDER, isTestFile } from "#cli/workflow-files";

/** The test files that were named, folders as the test files in them; those of `./flows` when none were. Paths as the caller would write them. */
export async function chooseTestFiles(cwd: string, given: readonly string[]): Promise<string[]> {
  const named = given.length > 0 ? given : [FLOWS_FOLDER];
  const found = await Promise.all(named.map((path) => testFilesAt(cwd, path)));
  const files = found.flat();
  if (files.length === 0)
    throw usageError(`no test files in ${named.join(", ")}`, "name them, or put news.test.yaml beside flows/news.yaml");
  return files;
}

async function testFilesAt(cwd: string, path: string): Promise<string[]> {
  const entries = await stat(resolve(cwd, path))
    .then((found) => (found.isDirectory() ? readdir(resolve(cwd, path)) : null))
    // Told when it is read; a missing ./flows has no files.
    .catch(() => (path === FLOWS_FOLDER ? [] : null));
  if (entries)
    return entries
      .filter((name) => isTestFile(name) && !name.startsWith("."))
      .sort()
      .map((name) => join(path, name));
  if (isTestFile(path)) return [path];
  throw usageError(`${path} is no test file`, "a test file is called news.test.yaml or news.test.json");
}
