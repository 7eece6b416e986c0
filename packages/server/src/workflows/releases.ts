import type { JsonObject } from "@millrace/contract";
import type { Problem } from "@millrace/engine";
import { noteAnswer, noteTarget } from "#deed";
import { RequestError } from "#request-error";
import type { Author } from "#store/author";
import type { NewKey } from "#store/key-store";
import type { WorkflowRow, WorkflowStore } from "#store/store";
import type { VersionCopy } from "#store/version-store";
import type { Authoring } from "#workflows/authoring";
import { nameOf, translate } from "#workflows/refusals";
import { textsOf } from "#workflows/version-texts";

export interface ReleasesOptions {
  readonly workflows: WorkflowStore;
  readonly authoring: Authoring;
  readonly now: () => number;
}

export interface Imported {
  readonly document: JsonObject;
  readonly note?: string;
  readonly by: Author;
}

/** Of a workflow that is about to be. */
export interface NewIdentity {
  readonly id: string;
  /** null: its API is off. */
  readonly key: NewKey | null;
}

/** Versions that do not come of publishing a draft: imported, and copied. They may have faults until they go live. */
export class Releases {
  readonly #options: ReleasesOptions;

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /** The document becomes the draft of the workflow, which keeps its name, and a version that is not live; its name. */
  async importVersion(tenantId: string, workflowId: string, { document, note = "", by }: Imported): Promise<string> {
    const { authoring, workflows, now } = this.#options;
    const { id, name } = await authoring.get(tenantId, workflowId);
    const own = { ...document, name };
    noteTarget("workflow", id);
    noteAnswer({ is: "target", kind: "version" });
    return translate(() =>
      workflows.importVersion(tenantId, id, { name, document: own, version: { ...textsOf(own), note, at: now(), by } }),
    );
  }

  /** A new workflow with the document as its draft, and as a version that is not live; with its key in one transaction. Throws `conflict` for a name that is taken. */
  async createWorkflow(tenantId: string, { document, note = "", by }: Imported, { id, key }: NewIdentity): Promise<WorkflowRow> {
    const { workflows, now } = this.#options;
    const at = now();
    const version = { ...textsOf(document), note, at, by };
    const workflow = { id, name: nameOf(document), document, apiEnabled: key !== null, at, by, version, ...(key && { key }) };
    noteTarget("workflow", id);
    return translate(() => workflows.create(tenantId, workflow));
  }

  /** The name of the copy. Throws `version_unknown`, `conflict` for a name that is taken, and `invalid_flow` where a faulty one would go live. */
  async copyVersion(
    tenantId: string,
    workflowId: string,
    copy: Omit<VersionCopy, "at">,
  ): Promise<{ readonly version: string; readonly warnings: readonly Problem[] }> {
    const { authoring, workflows, now } = this.#options;
    const source = (await workflows.versions(tenantId, workflowId)).find(({ version }) => version === copy.source);
    const found = source && (await workflows.version(tenantId, workflowId, source.version));
    if (!found) throw new RequestError("version_unknown", { params: { version: copy.source } });
    const warnings = copy.live ? await authoring.requireRunnable(tenantId, found.document) : [];
    noteTarget("workflow", workflowId);
    noteAnswer({ is: "target", kind: "version" });
    const version = await translate(() => workflows.copyVersion(tenantId, workflowId, { ...copy, at: now() }));
    return { version, warnings };
  }
}
