import type { Store, WorkflowRow } from "#store/store";

/** Another process's release is seen after this long at the latest; this process's at once. */
const TRUST_MS = 1_000;

/** Workflows remembered at once. */
const MAX_REMEMBERED = 10_000;

/** What an invocation must know of its workflow. */
export type LiveWorkflow = Pick<WorkflowRow, "id" | "name" | "liveVersion" | "apiEnabled" | "deletedAt">;

/** The header of each workflow, remembered until it changes: every request asks for it. */
export class LiveWorkflows {
  readonly #store: Store;
  readonly #mono: () => number;
  readonly #remembered = new Map<string, { readonly workflow: LiveWorkflow; readonly until: number }>();

  constructor(store: Store, mono: () => number) {
    this.#store = store;
    this.#mono = mono;
    store.watch((change) => {
      if (change.kind === "workflow") this.#remembered.clear();
    });
  }

  /** Deleted ones are found too. Without a promise where the workflow is remembered. */
  get(tenantId: string, id: string): LiveWorkflow | null | Promise<LiveWorkflow | null> {
    const known = this.#remembered.get(`${tenantId}/${id}`);
    return known && known.until > this.#mono() ? known.workflow : this.#lookUp(tenantId, id);
  }

  async #lookUp(tenantId: string, id: string): Promise<LiveWorkflow | null> {
    const row = await this.#store.workflows.get(tenantId, id, { deleted: true });
    if (!row) return null;
    const { name, liveVersion, apiEnabled, deletedAt } = row;
    const workflow: LiveWorkflow = { id: row.id, name, liveVersion, apiEnabled, deletedAt };
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(`${tenantId}/${id}`, { workflow, until: this.#mono() + TRUST_MS });
    return workflow;
  }
}
