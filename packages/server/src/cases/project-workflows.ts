import type { JsonObject } from "@millrace/contract";
import type { ProjectWorkflow } from "#cases/play-case";
import type { RunnableVersion } from "#workflows/compile-version";

/** The workflows of a project's files, as those find them who call workflows: each has one version, which is live. */
export class ProjectWorkflows {
  readonly #workflows: readonly ProjectWorkflow[];

  constructor(workflows: readonly ProjectWorkflow[]) {
    this.#workflows = workflows;
  }

  find(idOrName: string): ProjectWorkflow | null {
    return this.#workflows.find(({ id, name }) => id === idOrName || name === idOrName) ?? null;
  }

  async get(_tenantId: string, idOrName: string) {
    const found = this.find(idOrName);
    return found && { id: found.id, name: found.name, liveVersion: "test" };
  }

  /** Whichever version is asked for: there is the file. */
  async version(_tenantId: string, id: string): Promise<{ readonly document: JsonObject } | null> {
    return this.find(id);
  }

  /** The same, compiled. */
  async load(_tenantId: string, id: string): Promise<RunnableVersion | null> {
    return this.find(id)?.compiled ?? null;
  }
}
