import { type ChangeCounts, canonicalText, changeCounts, type JsonObject, type Language } from "@millrace/contract";
import type { KnownNames, NodeSpecs, Problem } from "@millrace/engine";
import { noteAnswer, noteTarget } from "#deed";
import type { Ids } from "#ids";
import { RequestError } from "#request-error";
import type { SaveOrigin } from "#store/draft-store";
import { NotFound, StaleRevision } from "#store/errors";
import type { WorkflowRow, WorkflowStore } from "#store/store";
import type { Published } from "#store/version-store";
import { compareVersions } from "#workflows/compare-versions";
import { type CompileOptions, compileVersion, type RunnableVersion } from "#workflows/compile-version";
import type { DraftHistory } from "#workflows/draft-history";
import { problemWords } from "#workflows/problem-words";
import { nameOf, translate } from "#workflows/refusals";
import { vendorFaults } from "#workflows/vendor-faults";
import { textsOf } from "#workflows/version-texts";

export interface AuthoringOptions {
  readonly workflows: WorkflowStore;
  readonly history: DraftHistory;
  readonly compile: CompileOptions;
  /** What the documents of a tenant may name; what is missing is a warning. */
  known(tenantId: string): Promise<KnownNames>;
  readonly ids: Ids;
  readonly now: () => number;
}

export interface SaveOptions extends SaveOrigin {
  /** Refused where the draft has another one by now. */
  readonly ifRevision?: number | undefined;
}

export interface PublishOptions extends Omit<SaveOptions, "editor"> {
  /** Absent: the version keeps what differs from the live one, in numbers. */
  readonly note?: string | undefined;
  /** Of what is said of problems; absent: English. */
  readonly language?: Language | undefined;
}

export interface Deployed {
  /** null: a dry run that would create the workflow. */
  readonly id: string | null;
  readonly name: string;
  /** The live version now; null: none yet. */
  readonly version: string | null;
  readonly previousVersion: string | null;
  readonly changed: boolean;
  /** Of the version that was published. */
  readonly warnings: readonly Problem[];
}

/** What changes workflows: drafts, versions, the live pointer. A draft may have problems; a version may not. */
export class Authoring {
  readonly #options: AuthoringOptions;

  constructor(options: AuthoringOptions) {
    this.#options = options;
  }

  /** Every problem of the document; executes nothing. */
  async validate(tenantId: string, document: unknown, language: Language = "en"): Promise<readonly Problem[]> {
    const { compile, known } = this.#options;
    const words = await problemWords(language);
    const options = { ...compile, ...(await known(tenantId)), ...(words && { words }) };
    return vendorFaults(document, compileVersion(document, options).problems);
  }

  /** What documents of the tenant may name. */
  known(tenantId: string): Promise<KnownNames> {
    return this.#options.known(tenantId);
  }

  async create(tenantId: string, document: JsonObject, origin: SaveOrigin = {}): Promise<WorkflowRow> {
    const name = nameOf(document);
    const { ids, now, workflows } = this.#options;
    const id = ids.objectId();
    noteTarget("workflow", id);
    noteTarget("name", name);
    return translate(() => workflows.create(tenantId, { id, name, document, at: now(), ...origin }));
  }

  /** A save that comes too late is refused, and kept in the history of the draft. */
  async saveDraft(
    tenantId: string,
    idOrName: string,
    document: JsonObject,
    { ifRevision, ...origin }: SaveOptions = {},
  ): Promise<{ id: string; name: string; revision: number; savedAt: number }> {
    const row = await this.get(tenantId, idOrName);
    const name = nameOf(document);
    const draft = { name, document, at: this.#options.now(), ...origin };
    const { workflows, history } = this.#options;
    try {
      const revision = await translate(() =>
        workflows.saveDraft(tenantId, row.id, { ...draft, ...(ifRevision !== undefined && { ifRevision }) }),
      );
      return { id: row.id, name, revision, savedAt: draft.at };
    } catch (error) {
      if (error instanceof StaleRevision && ifRevision !== undefined)
        throw await history.refuse(tenantId, row.id, { ...draft, revision: ifRevision });
      throw error;
    }
  }

  find(tenantId: string, idOrName: string): Promise<WorkflowRow | null> {
    return this.#options.workflows.get(tenantId, idOrName);
  }

  async get(tenantId: string, idOrName: string): Promise<WorkflowRow> {
    const row = await this.find(tenantId, idOrName);
    if (!row) throw new RequestError("not_found", { key: "not_found.workflow" });
    return row;
  }

  /** Makes the draft live. Refused with every error of its plan; unchanged when the live version already says the same. */
  async publish(
    tenantId: string,
    idOrName: string,
    { note, ifRevision, by, language = "en" }: PublishOptions = {},
  ): Promise<Published & { id: string; name: string; warnings: readonly Problem[] }> {
    const row = await this.get(tenantId, idOrName);
    if (ifRevision !== undefined && ifRevision !== row.revision) throw await this.#options.history.conflict(tenantId, row.id, ifRevision);
    const warnings = await this.requireRunnable(tenantId, row.document, language);
    const { now, workflows } = this.#options;
    const said = note === undefined ? { note: "", changes: await this.#changesOf(tenantId, row) } : { note };
    const version = { ...textsOf(row.document), ...said, at: now(), by };
    noteAnswer({ is: "target", kind: "version", member: "version" });
    const published = await translate(() => workflows.publish(tenantId, row.id, version));
    return { ...published, id: row.id, name: row.name, warnings };
  }

  async #changesOf(tenantId: string, row: WorkflowRow): Promise<ChangeCounts> {
    return changeCounts(await compareVersions(this.#options.workflows, tenantId, row, { from: "live", to: "draft", language: "en" }));
  }

  /** The draft as it is now, as a version that runs can be started with and nobody else sees; its name. Refused as `publish` is. */
  async keepDraft(tenantId: string, idOrName: string): Promise<string> {
    const row = await this.get(tenantId, idOrName);
    await this.requireRunnable(tenantId, row.document);
    return translate(() => this.#options.workflows.keepDraft(tenantId, row.id, { ...textsOf(row.document), at: this.#options.now() }));
  }

  /** A document that was made of the draft, kept as `keepDraft` keeps one. Refused as `publish` is. */
  async keepDocument(tenantId: string, id: string, document: JsonObject): Promise<{ name: string; compiled: RunnableVersion }> {
    const { workflows, compile, now } = this.#options;
    const { version, problems } = compileVersion(document, { ...compile, ...(await this.known(tenantId)) });
    if (!version) throw refused(problems);
    const name = await translate(() => workflows.keepDraft(tenantId, id, { ...textsOf(document), at: now() }));
    return { name, compiled: version };
  }

  /** null: there is no such version. */
  async versionDocument(tenantId: string, id: string, version: string): Promise<JsonObject | null> {
    return (await this.#options.workflows.version(tenantId, id, version))?.document ?? null;
  }

  get specs(): NodeSpecs {
    return this.#options.compile.specs;
  }

  /** The draft, ready to run, while nothing of it is kept. Refused as `publish` is. */
  async runnableDraft(tenantId: string, idOrName: string): Promise<{ compiled: RunnableVersion; document: JsonObject }> {
    const { document } = await this.get(tenantId, idOrName);
    const { version, problems } = compileVersion(document, this.#options.compile);
    if (!version) throw refused(problems);
    return { compiled: version, document };
  }

  /** Creates or updates by name. With `publish` the document must be free of errors, and nothing is saved when it is not. */
  async deploy(
    tenantId: string,
    document: JsonObject,
    options: PublishOptions & { publish: boolean; dryRun?: boolean },
  ): Promise<Deployed> {
    const name = nameOf(document);
    noteTarget("name", name);
    const warnings = options.publish ? await this.requireRunnable(tenantId, document, options.language) : [];
    const existing = await this.#options.workflows.get(tenantId, name);
    if (existing) noteTarget("workflow", existing.id);
    const before = options.publish ? await this.#liveDocument(tenantId, existing) : existing?.document;
    const changed = !before || canonicalText(before) !== canonicalText(document);
    const live = existing?.liveVersion ?? null;
    if (options.dryRun) return { id: existing?.id ?? null, name, version: live, previousVersion: live, changed, warnings };
    const id = await this.#draftOf(tenantId, existing, document, { ifRevision: options.ifRevision, by: options.by });
    if (!options.publish) return { id, name, version: live, previousVersion: live, changed, warnings };
    const {
      version,
      previousVersion,
      changed: isNew,
    } = await this.publish(tenantId, id, { note: options.note, by: options.by, language: options.language });
    return { id, name, version, previousVersion, changed: isNew, warnings };
  }

  /** Does the draft say something else than the live version? Where nothing is live, it does not. */
  async differsFromLive(tenantId: string, row: WorkflowRow): Promise<boolean> {
    const live = await this.#liveDocument(tenantId, row);
    return live !== undefined && canonicalText(live) !== canonicalText(row.document);
  }

  /** undefined: nothing was published. */
  async #liveDocument(tenantId: string, existing: WorkflowRow | null): Promise<JsonObject | undefined> {
    const live = existing?.liveVersion ?? null;
    return existing && live !== null ? (await this.#options.workflows.version(tenantId, existing.id, live))?.document : undefined;
  }

  /** The workflow whose draft the document is now; one that says the same already is left alone. */
  async #draftOf(tenantId: string, existing: WorkflowRow | null, document: JsonObject, save: SaveOptions): Promise<string> {
    if (!existing) return (await this.create(tenantId, document, { by: save.by })).id;
    const isCurrent = save.ifRevision === undefined || save.ifRevision === existing.revision;
    if (isCurrent && JSON.stringify(existing.document) === JSON.stringify(document)) return existing.id;
    return (await this.saveDraft(tenantId, existing.id, document, save)).id;
  }

  /** Moves the live pointer. Throws `version_unknown`, and `invalid_flow` for a version that cannot run: an import may have faults. */
  async promote(
    tenantId: string,
    idOrName: string,
    version: string,
  ): Promise<{ id: string; name: string; previousVersion: string | null }> {
    noteTarget("version", version);
    const row = await this.get(tenantId, idOrName);
    const found = await this.#options.workflows.version(tenantId, row.id, version);
    if (found) await this.requireRunnable(tenantId, found.document);
    try {
      return {
        id: row.id,
        name: row.name,
        previousVersion: await this.#options.workflows.promote(tenantId, row.id, version, this.#options.now()),
      };
    } catch (error) {
      if (error instanceof NotFound) throw new RequestError("version_unknown", { params: { version } });
      throw error;
    }
  }

  async delete(tenantId: string, idOrName: string): Promise<void> {
    const row = await this.get(tenantId, idOrName);
    await this.#options.workflows.delete(tenantId, row.id, this.#options.now());
  }

  async setApiEnabled(tenantId: string, idOrName: string, enabled: boolean): Promise<void> {
    const row = await this.get(tenantId, idOrName);
    await this.#options.workflows.setApiEnabled(tenantId, row.id, enabled, this.#options.now());
  }

  /** Its warnings; refused with every error of its plan. */
  async requireRunnable(tenantId: string, document: JsonObject, language?: Language): Promise<readonly Problem[]> {
    const problems = await this.validate(tenantId, document, language);
    if (problems.some(isError)) throw refused(problems);
    return problems;
  }
}

function isError({ level }: Problem): boolean {
  return level === "error";
}

function refused(problems: readonly Problem[]): RequestError {
  const errors = problems.filter(isError);
  return new RequestError("invalid_flow", { message: summary(errors), errors: errors.map(toItem) });
}

function toItem({ path, code, message, hint }: Problem) {
  return { path, code, message: hint ? `${message} (${hint})` : message };
}

function summary(errors: readonly Problem[]): string {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return `${first?.path}: ${first?.message}${more}`;
}
