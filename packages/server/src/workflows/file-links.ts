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

  set(workflowId: string, link: FileLink): void {
    this.#links.set(workflowId, link);
  }

  get(workflowId: string): FileLink | undefined {
    return this.#links.get(workflowId);
  }

  delete(workflowId: string): void {
    this.#links.delete(workflowId);
  }
}
