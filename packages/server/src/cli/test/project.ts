import { createHash } from "node:crypto";
import { basename, dirname, extname, join, normalize, resolve } from "node:path";
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

  /** Those that can run. */
  get workflows(): readonly ProjectWorkflow[] {
    return [...this.#files.values()].flatMap((file) => this.#compile(file) ?? []);
  }

  /** `named`: a workflow's name, or the path of its file from the test file; without an extension too. */
  async find(testFile: string, named: string): Promise<FoundWorkflow> {
    const file = (await this.#byPath(testFile, named)) ?? this.#byName(named, dirname(testFile));
    if (!file) {
      const names = [...this.#files.values()].flatMap(nameOf);
      const hint = didYouMean(named, names);
      return {
        found: "nothing",
        message: `there is no workflow ${named} in ${FLOWS_FOLDER} or ${dirname(testFile)}`,
        ...(hint && { hint }),
      };
    }
    const workflow = this.#compile(file);
    return workflow ? { found: "workflow", workflow } : { found: "invalid", file };
  }

  async #byPath(testFile: string, named: string): Promise<CheckedFile | null> {
    const path = normalize(join(dirname(testFile), named));
    const known = [...this.#files.keys()].find(
      (file) => file === path || (file.startsWith(`${path}.`) && extname(file) === file.slice(path.length)),
    );
    if (known !== undefined) return this.#files.get(known) ?? null;
    return extname(named) === "" ? null : this.#read(path);
  }

  #byName(named: string, folder: string): CheckedFile | null {
    const all = [...this.#files.values()].filter((file) => nameOf(file).includes(named));
    return all.find(({ file }) => dirname(file) === normalize(folder)) ?? all[0] ?? null;
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

/** By its name, and by its file's. */
function nameOf({ file, document }: CheckedFile): readonly string[] {
  const name = document?.["name"];
  return [...(typeof name === "string" ? [name] : []), basename(file, extname(file))];
}
