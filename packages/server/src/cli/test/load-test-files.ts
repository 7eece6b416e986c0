import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Cassette, TestFile } from "@millrace/contract";
import type { Problem } from "@millrace/engine";
import { cassettePath, parseCassette } from "#cases/cassette";
import type { ProjectWorkflow } from "#cases/play-case";
import { checkTestFile, parseTestFile } from "#cases/test-file";
import { located } from "#cli/check/check-file";
import type { FileProblem } from "#cli/check/file-problem";
import type { FoundWorkflow, Project } from "#cli/test/project";
import { readWorkflowFile } from "#cli/workflow-files";
import { type Locate, locator } from "#workflows/locate";
import { readDocument, UnreadableDocument } from "#workflows/read-document";

export interface LoadedTestFile {
  /** As the caller wrote it. */
  readonly path: string;
  readonly text: string;
  readonly file: TestFile;
  readonly workflow: ProjectWorkflow;
  readonly cassette: Cassette | null;
  /** Of each case, from 1. */
  readonly lines: readonly number[];
}

export interface LoadedTestFiles {
  readonly files: readonly LoadedTestFile[];
  readonly problems: readonly FileProblem[];
}

/** Reads test files, and finds everything that is wrong with them, with the workflows that they name, and with their cassettes. */
export async function loadTestFiles(cwd: string, paths: readonly string[], project: Project): Promise<LoadedTestFiles> {
  const loaded = await Promise.all(paths.map((path) => loadTestFile(cwd, path, project)));
  const problems = loaded.flatMap((one) => one.problems);
  // The workflow of several test files is told of once.
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return { files: loaded.flatMap(({ file }) => file ?? []), problems: [...unique.values()] };
}

interface Loaded {
  readonly file: LoadedTestFile | null;
  readonly problems: readonly FileProblem[];
}

async function loadTestFile(cwd: string, path: string, project: Project): Promise<Loaded> {
  const text = (await readWorkflowFile(cwd, path)).bytes.toString("utf8").replace(/^\ufeff/, "");
  try {
    const { file, problems } = parseTestFile(readDocument(text), project.words);
    const locate = locator(text);
    const told = problems.map((problem) => located(path, problem, locate));
    return file ? await bound(cwd, { path, text, file, locate }, project) : { file: null, problems: told };
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    const { line, column, message } = error;
    return { file: null, problems: [{ file: path, line, column, code: "file_unreadable", level: "error", message }] };
  }
}

interface Parsed extends Pick<LoadedTestFile, "path" | "text" | "file"> {
  readonly locate: Locate;
}

/** With the workflow that it names, and its cassette. */
async function bound(cwd: string, { path, text, file, locate }: Parsed, project: Project): Promise<Loaded> {
  const found = await project.find(path, file.workflow);
  if (found.found !== "workflow") return { file: null, problems: without(path, found, locate) };
  const { workflow } = found;
  const faults = checkTestFile(file, workflow, project.workflows, project.words).map((problem) => located(path, problem, locate));
  const { cassette, problems } = await loadCassette(cwd, cassettePath(path));
  const all = [...faults, ...problems].toSorted((a, b) => a.line - b.line || a.column - b.column);
  const lines = file.cases.map((_, index) => locate({ path: `/cases/${index}` }).line);
  return { file: all.length === 0 ? { path, text, file, workflow, cassette, lines } : null, problems: all };
}

function without(path: string, found: Exclude<FoundWorkflow, { found: "workflow" }>, locate: Locate): readonly FileProblem[] {
  if (found.found === "invalid") return found.file.problems;
  const { message, hint } = found;
  const problem: Problem = { code: "unknown_workflow", level: "error", path: "/workflow", message, ...(hint !== undefined && { hint }) };
  return [located(path, problem, locate)];
}

async function loadCassette(cwd: string, path: string): Promise<{ cassette: Cassette | null; problems: readonly FileProblem[] }> {
  const file = resolve(cwd, path);
  if (!existsSync(file)) return { cassette: null, problems: [] };
  const text = await readFile(file, "utf8");
  const { cassette, problems } = parseCassette(text);
  const locate = locator(text);
  return { cassette, problems: problems.map((problem) => located(path, problem, locate)) };
}
