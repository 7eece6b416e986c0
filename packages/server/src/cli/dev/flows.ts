import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { JsonObject } from "@millrace/contract";
import { type App, DEFAULT_TENANT } from "#app";
import { type CheckedFile, checkFile, hasErrors } from "#cli/check/check-file";
import { duplicateName } from "#cli/check/check-files";
import { type CheckOptions, checkOptions } from "#cli/check/check-options";
import { type FileProblem, problemLine } from "#cli/check/file-problem";
import type { CliContext } from "#cli/context";
import { packageRoot } from "#cli/package";
import { DEV_TEMPLATE } from "#cli/project-commands";
import { FLOWS_FOLDER, listWorkflowFiles, readWorkflowFile, type WorkflowFile } from "#cli/workflow-files";
import { RequestError } from "#request-error";

/** A workflow that is live, and where it came from. */
export interface ServedFlow {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly changed: boolean;
  /** As people know it. */
  readonly file: string;
  readonly document: JsonObject;
}

/** Served where a project has no workflows of its own. */
const EXAMPLE = `examples/${DEV_TEMPLATE}/flows/todayNews.yaml`;

/** The workflows of a project: each file is published, and published again when it changes. A bad file is told and left out. */
export class Flows {
  /** null: there are no files, and the example is served. */
  folder: string | null = null;
  readonly #context: CliContext;
  readonly #options: CheckOptions;
  readonly #served = new Map<string, ServedFlow>();
  /** Hash of each file as it was last looked at, its errors included. */
  readonly #seen = new Map<string, string>();

  constructor(context: CliContext, egressAllow: string) {
    this.#context = context;
    this.#options = checkOptions(egressAllow);
  }

  /** By name. */
  get served(): readonly ServedFlow[] {
    return [...this.#served.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Files that were read and are not served. */
  get refused(): number {
    return this.#seen.size - this.#served.size;
  }

  async load(app: App): Promise<void> {
    const files = await this.#files();
    if (files.length > 0) this.folder = resolve(this.#context.cwd, FLOWS_FOLDER);
    const chosen = files.length > 0 ? files : [{ path: EXAMPLE, bytes: readFileSync(join(packageRoot(), EXAMPLE)) }];
    for (const file of chosen) await this.#take(app, file);
  }

  /** Publishes what changed since the last look, and tells it in a line each. */
  async reload(app: App): Promise<void> {
    const files = await this.#files();
    for (const file of files) {
      if (this.#seen.get(file.path) === hashOf(file)) continue;
      const flow = await this.#take(app, file);
      if (flow) this.#context.output.note(`  ${flow.name}   ${flow.changed ? `published ${flow.version}` : "no changes"}   ${flow.file}`);
    }
    const gone = [...this.#seen.keys()].filter((path) => !files.some((file) => file.path === path));
    for (const path of gone) this.#forget(path);
  }

  async #files(): Promise<WorkflowFile[]> {
    const { cwd } = this.#context;
    const names = await listWorkflowFiles(resolve(cwd, FLOWS_FOLDER));
    return Promise.all(names.map((name) => readWorkflowFile(cwd, join(FLOWS_FOLDER, name))));
  }

  /** null: told why. What was served from this file before goes on being served. */
  async #take(app: App, file: WorkflowFile): Promise<ServedFlow | null> {
    this.#seen.set(file.path, hashOf(file));
    const checked = checkFile(file, this.#options);
    for (const problem of checked.problems) this.#context.output.problem(`  ${problemLine(problem)}\n`);
    if (checked.document === null || hasErrors(checked)) return null;
    const other = [...this.#served.values()].find(({ name, file: path }) => name === checked.document?.["name"] && path !== file.path);
    if (other) return this.#refuse(duplicateName(checked, other.file));
    return this.#publish(app, checked, checked.document);
  }

  async #publish(app: App, checked: CheckedFile, document: JsonObject): Promise<ServedFlow | null> {
    try {
      const { id, name, version, previousVersion, changed } = await app.authoring.deploy(DEFAULT_TENANT, document, { publish: true });
      const flow = { id: id ?? "", name, version: version ?? "", previousVersion, changed, file: checked.file, document };
      this.#served.set(checked.file, flow);
      return flow;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const { file, nameAt } = checked;
      return this.#refuse({ file, ...nameAt, code: error.type, level: "error", message: error.message });
    }
  }

  #refuse(problem: FileProblem): null {
    this.#context.output.problem(`  ${problemLine(problem)}\n`);
    return null;
  }

  #forget(path: string): void {
    const flow = this.#served.get(path);
    this.#seen.delete(path);
    this.#served.delete(path);
    if (flow) this.#context.output.note(`  ${flow.name}   goes on being served without its file: millrace workflows delete ${flow.name}`);
  }
}

function hashOf({ bytes }: WorkflowFile): string {
  return createHash("sha256").update(bytes).digest("hex");
}
