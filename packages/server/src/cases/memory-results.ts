import type { NewNodeResult, NodeResult, NodeResultStore } from "#store/node-result-store";

/** What the nodes of one case keep for each other: nothing comes from another case. */
export class MemoryResults implements NodeResultStore {
  readonly #rows = new Map<string, NewNodeResult>();

  async find(_tenantId: string, workflowId: string, key: string, now: number): Promise<NodeResult | null> {
    const row = this.#rows.get(`${workflowId} ${key}`);
    return row !== undefined && now < row.expiresAt ? row : null;
  }

  async keep(_tenantId: string, row: NewNodeResult): Promise<void> {
    this.#rows.set(`${row.workflowId} ${row.key}`, row);
  }
}
