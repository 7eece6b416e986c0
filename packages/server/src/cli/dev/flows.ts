import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type JsonObject, shellWord, type Words } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import { type App, DEFAULT_TENANT, type WorkflowRow } from "#app";
import { type CheckedFile, checkFile, hasErrors } from "#cli/check/check-file";
import { duplicateName } from "#cli/check/check-files";
import { type CheckOptions, checkOptions } from "#cli/check/check-options";
import { type FileProblem, problemLine } from "#cli/check/file-problem";
import type { CliContext } from "#cli/context";
import { decideSync, type SyncStep } from "#cli/dev/decide-sync";
import { digestOf, SyncBase } from "#cli/dev/sync-base";
import { DEV_TEMPLATE } from "#cli/project-commands";
import { FLOWS_FOLDER, listWorkflowFiles, readWorkflowFile, replaceFile, type WorkflowFile } from "#cli/workflow-files";
import type { Settings } from "#config/settings";
import { packageRoot } from "#package";
import { RequestError } from "#request-error";
import { formOf } from "#workflows/format/format-document";
import { mergeText } from "#workflows/format/merge-document";

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

/** One look at a file, and at the workflow that it is about. */
interface Look {
  readonly file: WorkflowFile;
  readonly checked: CheckedFile;
  /** null: there is no such workflow yet. */
  readonly row: WorkflowRow | null;
}

/**
 * The workflows of a project. A file that changes is published; a draft that changes is written into its file. Where both changed it is
 * told, and neither is overwritten. A bad file is told and left out.
 */
export class Flows {
  /** null: there are no files, and the example is served. */
  folder: string | null = null;
  readonly #context: CliContext;
  readonly #options: CheckOptions;
  readonly #dataDir: string;
  #base: SyncBase | null = null;
  readonly #served = new Map<string, ServedFlow>();
  /** Hash of each file as it was last looked at, its errors included. */
  readonly #seen = new Map<string, string>();
  /** Conflicts that were told: file and draft as they were. */
  readonly #told = new Map<string, string>();
  #last: Promise<void> = Promise.resolve();

  constructor(context: CliContext, { egressAllow, dataDir }: Pick<Settings, "egressAllow" | "dataDir">, words?: Words) {
    this.#context = context;
    this.#options = checkOptions(egressAllow, words);
    this.#dataDir = dataDir;
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
    if (files.length > 0) this.#base = new SyncBase(this.#dataDir);
    const chosen = files.length > 0 ? files : [{ path: EXAMPLE, bytes: readFileSync(join(packageRoot(), EXAMPLE)) }];
    for (const file of chosen) await this.#take(app, file);
  }

  /** Looks after drafts from now on. Returns the way to stop. */
  follow(app: App): () => void {
    if (this.#base === null) return () => undefined;
    return app.store.watch((change) => {
      const flow = change.kind === "workflow" ? [...this.#served.values()].find(({ id }) => id === change.id) : undefined;
      if (flow) void this.#inTurn(() => this.#lookAgain(app, flow.file));
    });
  }

  /** Looks at the files that changed since the last look, and tells what came of it in a line each. */
  reload(app: App): Promise<void> {
    return this.#inTurn(async () => {
      const files = await this.#files();
      for (const file of files) if (this.#seen.get(file.path) !== hashOf(file)) await this.#takeAndTell(app, file);
      const gone = [...this.#seen.keys()].filter((path) => !files.some((file) => file.path === path));
      for (const path of gone) this.#forget(app, path);
    });
  }

  /** One look at a time: what one writes is what the next reads. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(act);
    this.#last = turn.catch((error: unknown) => this.#context.output.problem(`  ${(error as Error).message}\n`));
    return turn;
  }

  async #files(): Promise<WorkflowFile[]> {
    const { cwd } = this.#context;
    const names = await listWorkflowFiles(resolve(cwd, FLOWS_FOLDER));
    return Promise.all(names.map((name) => readWorkflowFile(cwd, join(FLOWS_FOLDER, name))));
  }

  /** The draft changed. A file that is gone by now is told of by the next look at the folder. */
  async #lookAgain(app: App, path: string): Promise<void> {
    const file = (await this.#files()).find((one) => one.path === path);
    if (file) await this.#takeAndTell(app, file);
  }

  async #takeAndTell(app: App, file: WorkflowFile): Promise<void> {
    const isNew = this.#seen.get(file.path) !== hashOf(file);
    const flow = await this.#take(app, file);
    if (flow && (isNew || flow.changed))
      this.#context.output.note(`  ${flow.name}   ${flow.changed ? `published ${flow.version}` : "no changes"}   ${flow.file}`);
  }

  /** null: told why, or nothing was published. What was served from this file before goes on being served. */
  async #take(app: App, file: WorkflowFile): Promise<ServedFlow | null> {
    const isNew = this.#seen.get(file.path) !== hashOf(file);
    this.#seen.set(file.path, hashOf(file));
    const look = await this.#look(app, file);
    const { checked, row } = look;
    if (isNew) for (const problem of checked.problems) this.#context.output.problem(`  ${problemLine(problem)}\n`);
    const step = await this.#stepOf(app, look);
    if (row && step === "conflict") return this.#refuseBoth(app, look, row);
    if (row && step === "write") return this.#write(app, look, row);
    if (checked.document === null || hasErrors(checked)) return null;
    const other = [...this.#served.values()].find(({ name, file: path }) => name === checked.document?.["name"] && path !== file.path);
    if (other) return this.#refuse(duplicateName(checked, other.file));
    if (step === "publish" || row === null) return this.#publish(app, checked, checked.document, row);
    return this.#serve(app, checked.file, row, false);
  }

  /** A file keeps its workflow while it keeps its name; the draft may have got another one. */
  async #look(app: App, file: WorkflowFile): Promise<Look> {
    const checked = checkFile(file, this.#options);
    const served = this.#served.get(file.path);
    const name = checked.document?.["name"] ?? served?.name;
    const key = served !== undefined && name === served.name ? served.id : name;
    const row = typeof key === "string" ? await app.store.workflows.get(DEFAULT_TENANT, key) : null;
    return { file, checked, row };
  }

  async #stepOf(app: App, { file, checked, row }: Look): Promise<SyncStep> {
    if (this.#base === null || row === null) return "publish";
    const live = row.liveVersion === null ? null : await app.store.workflows.version(DEFAULT_TENANT, row.id, row.liveVersion);
    const step = decideSync({
      // What cannot be read says nothing that anything else says.
      file: checked.document === null ? hashOf(file) : digestOf(checked.document),
      draft: digestOf(row.document),
      live: live && digestOf(live.document),
      base: this.#base.get(file.path),
    });
    return step === "write" && isFlowFile(file.path) ? "conflict" : step;
  }

  async #publish(app: App, checked: CheckedFile, document: JsonObject, before: WorkflowRow | null): Promise<ServedFlow | null> {
    try {
      // Who saves the draft between the look and this is not overwritten.
      const ifRevision = before !== null && before.name === document["name"] ? before.revision : undefined;
      const { id, changed, previousVersion } = await app.authoring.deploy(DEFAULT_TENANT, document, { publish: true, ifRevision });
      this.#base?.set(checked.file, digestOf(document));
      const row = await app.authoring.get(DEFAULT_TENANT, id ?? "");
      return { ...this.#serve(app, checked.file, row, changed), previousVersion };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const { file, nameAt } = checked;
      return this.#refuse({ file, ...nameAt, code: error.type, level: "error", message: error.message });
    }
  }

  #serve(app: App, file: string, { id, name, liveVersion, document }: WorkflowRow, changed: boolean): ServedFlow {
    const flow = { id, name, version: liveVersion ?? "", previousVersion: null, changed, file, document };
    this.#served.set(file, flow);
    this.#told.delete(file);
    app.fileLinks.set(id, { path: file, conflict: false });
    return flow;
  }

  /** The draft goes into the file; whether it is published is for whoever changed it. */
  async #write(app: App, { file, checked }: Look, row: WorkflowRow): Promise<null> {
    const text = mergeText(file.bytes.toString("utf8"), row.document, formOf(file.path), nodeSpecs);
    await replaceFile(resolve(this.#context.cwd, file.path), text);
    this.#seen.set(file.path, hashOf({ path: file.path, bytes: Buffer.from(text) }));
    this.#base?.set(file.path, digestOf(row.document));
    this.#serve(app, checked.file, row, false);
    this.#context.output.note(`  ${row.name}   written to ${file.path}   the draft was changed`);
    return null;
  }

  #refuseBoth(app: App, { file }: Look, row: WorkflowRow): null {
    const { id, name } = row;
    const state = `${hashOf(file)} ${row.revision}`;
    const isTold = this.#told.get(file.path) === state;
    // The live version goes on being served.
    this.#serve(app, file.path, row, false);
    app.fileLinks.set(id, { path: file.path, conflict: true });
    if (!isTold)
      this.#context.output.problem(
        `  ${name}   conflict: ${file.path} and the draft both changed; neither is overwritten\n` +
          `  hint: to keep the file   millrace deploy ${shellWord(file.path)}   to keep the draft   ${keepDraft(name, file.path)}\n`,
      );
    this.#told.set(file.path, state);
    return null;
  }

  #refuse(problem: FileProblem): null {
    this.#context.output.problem(`  ${problemLine(problem)}\n`);
    return null;
  }

  #forget(app: App, path: string): void {
    const flow = this.#served.get(path);
    this.#seen.delete(path);
    this.#served.delete(path);
    if (!flow) return;
    app.fileLinks.delete(flow.id);
    this.#context.output.note(`  ${flow.name}   goes on being served without its file: millrace workflows delete ${shellWord(flow.name)}`);
  }
}

function keepDraft(name: string, path: string): string {
  const workflow = shellWord(name);
  return isFlowFile(path)
    ? `millrace export ${workflow} --to ${shellWord(path.replace(/\.flow$/, ".yaml"))}`
    : `millrace pull ${workflow} --yes`;
}

/** Another program's: it is read, and never written. */
function isFlowFile(path: string): boolean {
  return path.endsWith(".flow");
}

function hashOf({ bytes }: WorkflowFile): string {
  return createHash("sha256").update(bytes).digest("hex");
}
