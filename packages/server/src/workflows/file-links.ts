/** The file that a workflow is kept in. */
export interface FileLink {
  /** As people know it: `flows/news.yaml`. */
  readonly path: string;
  /** File and draft both changed since they last said the same; neither is overwritten. */
  readonly conflict: boolean;
}

/** Which files `millrace dev` keeps workflows in, by the workflow's id; none elsewhere. */
export class FileLinks {
  readonly #links = new Map<string, FileLink>();
  readonly #listeners = new Set<(workflowId: string) => void>();

  /** Calls back with each workflow whose link changes from now on. */
  watch(changed: (workflowId: string) => void): void {
    this.#listeners.add(changed);
  }

  set(workflowId: string, link: FileLink): void {
    const before = this.#links.get(workflowId);
    this.#links.set(workflowId, link);
    if (before?.path !== link.path || before.conflict !== link.conflict) this.#tell(workflowId);
  }

  get(workflowId: string): FileLink | undefined {
    return this.#links.get(workflowId);
  }

  delete(workflowId: string): void {
    if (this.#links.delete(workflowId)) this.#tell(workflowId);
  }

  #tell(workflowId: string): void {
    for (const changed of this.#listeners) changed(workflowId);
  }
}
