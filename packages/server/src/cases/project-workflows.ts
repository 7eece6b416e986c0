import type { ProjectWorkflow } from "#cases/play-case";
import type { WorkflowRow } from "#store/store";
import type { VersionDocument } from "#store/version-store";
import type { RunnableVersion } from "#workflows/compile-version";

const VERSION = "test";

/** The workflows of a project's files, as those find them who call workflows: each has one version, which is live. */
export class ProjectWorkflows {
  readonly #workflows: readonly ProjectWorkflow[];

  constructor(workflows: readonly ProjectWorkflow[]) {
    this.#workflows = workflows;
  }

  find(idOrName: string): ProjectWorkflow | null {
    return this.#workflows.find(({ id, name }) => id === idOrName || name === idOrName) ?? null;
  }

  readonly get = async (_tenantId: string, idOrName: string): Promise<WorkflowRow | null> => {
    const found = this.find(idOrName);
    const row = { revision: 1, liveVersion: VERSION, apiEnabled: true, createdAt: 0, updatedAt: 0, deletedAt: null };
    return found && { id: found.id, name: found.name, document: found.document, ...row };
  };

  readonly version = async (_tenantId: string, id: string): Promise<VersionDocument | null> => {
    const found = this.find(id);
    const row = { number: 1, version: VERSION, hash: "", note: "", live: true, by: null, createdAt: 0, releasedAt: 0 };
    return found && { ...row, document: found.document };
  };

  /** Whichever version is asked for: there is the file. */
  readonly load = async (_tenantId: string, id: string): Promise<RunnableVersion | null> => this.find(id)?.compiled ?? null;
}
