import { createHash } from "node:crypto";
import { dirname, extname, join, normalize, resolve } from "node:path";
import type { Words } from "@millrace/contract";
import { didYouMean } from "@millrace/engine";
import type { ProjectWorkflow } from "#cases/play-case";
import { type CheckedFile, checkFile, hasErrors } from "#cli/check/check-file";
import type { CheckOptions } from "#cli/check/check-options";
import { FLOWS_FOLDER, listWorkflowFiles, readWorkflowFile } from "#cli/workflow-files";
import { compileVersion } from "#workflows/compile-version";

/** The workflow that a test file names, or why there is none. */
export type FoundWorkflow =
  | { readonly found: "workflow"; readonly workflow: ProjectWorkflow }
  /** Its file has errors. */
  | { readonly found: "invalid"; readonly file: CheckedFile }
  | { readonly found: "nothing"; readonly message: string; readonly hint?: string };

/** The workflows of the folders in which test files lie, and of `./flows`. */
export class Project {
  readonly #cwd: string;
  readonly #options: CheckOptions;
  readonly #files = new Map<string, CheckedFile>();
  readonly #compiled = new Map<string, ProjectWorkflow>();

  private constructor(cwd: string, options: CheckOptions) {
    this.#cwd = cwd;
    this.#options = options;
  }

  static async open(cwd: string, testFiles: readonly string[], options: CheckOptions): Promise<Project> {
    const project = new Project(cwd, options);
    for (const folder of new Set([FLOWS_FOLDER, ...testFiles.map((file) => dirname(file))]))
      for (const name of await listWorkflowFiles(resolve(cwd, folder))) await project.#read(join(folder, name));
    return project;
  }

  /** Of the language that problems are told in. */
  get words(): Words | undefined {
    return this.#options.words;
  }

  /** Those that can run. */
  get workflows(): readonly ProjectWorkflow[] {
    return [...this.#files.values()].flatMap((file) => this.#compile(file) ?? []);
  }

  /** `named`: a workflow's name, or the path of its file from the test file; without its extension too. */
  async find(testFile: string, named: string): Promise<FoundWorkflow> {
    const folder = normalize(dirname(testFile));
    const file = this.#byName(named, folder) ?? (await this.#byPath(join(folder, named)));
    if (!file) {
      const hint = didYouMean(named, [...this.#files.values()].flatMap(nameOf));
      return { found: "nothing", message: `there is no workflow ${named} in ${FLOWS_FOLDER} or ${folder}`, ...(hint && { hint }) };
    }
    const workflow = this.#compile(file);
    return workflow ? { found: "workflow", workflow } : { found: "invalid", file };
  }

  /** Of several, the one beside the test file. */
  #byName(named: string, folder: string): CheckedFile | null {
    const all = [...this.#files.values()].filter((file) => nameOf(file).includes(named));
    return all.find(({ file }) => dirname(file) === folder) ?? all[0] ?? null;
  }

  async #byPath(path: string): Promise<CheckedFile | null> {
    const known = [...this.#files].find(([file]) => file === path || file === path + extname(file));
    if (known) return known[1];
    return extname(path) === "" ? null : this.#read(path);
  }

  async #read(path: string): Promise<CheckedFile> {
    const file = checkFile(await readWorkflowFile(this.#cwd, path), this.#options);
    this.#files.set(normalize(path), file);
    return file;
  }

  #compile(file: CheckedFile): ProjectWorkflow | null {
    const known = this.#compiled.get(file.file);
    if (known) return known;
    if (!file.document || hasErrors(file)) return null;
    const { version: compiled } = compileVersion(file.document, this.#options);
    if (!compiled) return null;
    const name = compiled.plan.name;
    const workflow = { id: createHash("sha256").update(file.file).digest("hex").slice(0, 24), name, document: file.document, compiled };
    this.#compiled.set(file.file, workflow);
    return workflow;
  }
}

function nameOf({ document }: CheckedFile): readonly string[] {
  const name = document?.["name"];
  return typeof name === "string" ? [name] : [];
}
