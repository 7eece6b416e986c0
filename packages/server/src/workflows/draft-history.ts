import { RequestError } from "#request-error";
import type { DraftContents, DraftEntry, DraftStore, RefusedSave } from "#store/draft-store";
import type { WorkflowStore } from "#store/store";

/** What drafts were before, and who saved them. */
export class DraftHistory {
  readonly #drafts: DraftStore;
  readonly #workflows: WorkflowStore;

  constructor({ drafts, workflows }: { readonly drafts: DraftStore; readonly workflows: WorkflowStore }) {
    this.#drafts = drafts;
    this.#workflows = workflows;
  }

  list(tenantId: string, workflowId: string, page: { readonly limit: number; readonly before?: number }): Promise<readonly DraftEntry[]> {
    return this.#drafts.list(tenantId, workflowId, page);
  }

  async get(tenantId: string, workflowId: string, entry: number): Promise<DraftContents> {
    const contents = await this.#drafts.get(tenantId, workflowId, entry);
    if (!contents) throw new RequestError("not_found", { key: "not_found.draft_entry", params: { entry } });
    return contents;
  }

  current(tenantId: string, workflowId: string): Promise<DraftEntry | null> {
    return this.#drafts.current(tenantId, workflowId);
  }

  /** Keeps what came too late, so that no side of a conflict is lost; the error says where. */
  async refuse(tenantId: string, workflowId: string, save: RefusedSave): Promise<RequestError> {
    const kept = await this.#drafts.keepRefused(tenantId, workflowId, save);
    return this.conflict(tenantId, workflowId, save.revision, kept);
  }

  /** The draft has another revision than `ifRevision` by now. */
  async conflict(tenantId: string, workflowId: string, ifRevision: number, kept?: number): Promise<RequestError> {
    const [row, current] = await Promise.all([this.#workflows.get(tenantId, workflowId), this.#drafts.current(tenantId, workflowId)]);
    if (!row) return new RequestError("not_found", { key: "not_found.workflow" });
    const { revision, updatedAt } = row;
    const saved = current?.revision === revision ? current : null;
    return new RequestError("conflict", {
      key: "conflict.revision",
      params: { revision },
      draft: {
        revision,
        ifRevision,
        savedAt: saved?.savedAt ?? updatedAt,
        ...(saved?.by && { savedBy: saved.by }),
        ...(saved?.editor != null && { editor: saved.editor }),
        ...(kept !== undefined && { kept }),
      },
    });
  }
}
