import { readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { CliError, usageError } from "#cli/cli-error";
import { EXIT } from "#cli/exit-codes";

/** Where a project keeps its workflows. */
export const FLOWS_FOLDER = "flows";

const EXTENSIONS = [".yaml", ".yml", ".json", ".flow"];

/** Names in the folder that are workflows' files, in order; none where there is no such folder. */
export async function listWorkflowFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory() && isWorkflowFile(entry.name));
    return files.map(({ name }) => name).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Hidden files are editors' own; `news.test.yaml` is a test of `news.yaml`, and `news.cassette.json` what it recorded. */
function isWorkflowFile(name: string): boolean {
  return !name.startsWith(".") && EXTENSIONS.includes(extname(name)) && !/\.(test|cassette)\.[a-z]+$/.test(name);
}

export function isTestFile(path: string): boolean {
  return /\.test\.(ya?ml|json)$/.test(path);
}

/** Is it, below a project's folder, where workflows are looked for? */
export function isWorkflowPath(path: string): boolean {
  return dirname(path) === FLOWS_FOLDER && isWorkflowFile(basename(path));
}

/** The files that were named, folders as their workflow files; `./flows` when none were. Paths as the caller would write them. */
export async function chooseFiles(cwd: string, given: readonly string[]): Promise<string[]> {
  const named = given.length > 0 ? given : [FLOWS_FOLDER];
  const found = await Promise.all(named.map(async (path) => ((await isFolder(cwd, path)) ? inFolder(cwd, path) : [path])));
  const files = found.flat();
  if (files.length === 0)
    throw usageError(`no workflow files in ${named.join(", ")}`, "name them, or put .yaml, .json or .flow files into ./flows");
  return files;
}

async function inFolder(cwd: string, folder: string): Promise<string[]> {
  return (await listWorkflowFiles(resolve(cwd, folder))).map((name) => join(folder, name));
}

async function isFolder(cwd: string, path: string): Promise<boolean> {
  try {
    return (await stat(resolve(cwd, path))).isDirectory();
  } catch {
    // Told when it is read; a missing ./flows has no files.
    return path === FLOWS_FOLDER;
  }
}

export interface WorkflowFile {
  /** As the caller wrote it. */
  readonly path: string;
  readonly bytes: Buffer;
}

export async function readWorkflowFile(cwd: string, path: string): Promise<WorkflowFile> {
  try {
    return { path, bytes: await readFile(resolve(cwd, path)) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "error";
    throw new CliError("file_unreadable", `${path} cannot be read (${code})`, EXIT.usage);
  }
}

/** Nobody sees half a file; hidden files are no workflows, so whoever watches the folder is not woken by the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = join(dirname(path), `.${basename(path)}.new`);
  await writeFile(fresh, text);
  await rename(fresh, path);
}
