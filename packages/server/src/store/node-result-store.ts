/** What a tenant may keep: how many, their bytes together, and those of one as JSON. */
export const NODE_RESULTS = { count: 10_000, bytes: 67_108_864, bytesOfOne: 1_048_576 } as const;

/** Results of nodes that other runs of their workflow may take. They go with the run that made them, and with the workflow. */
export interface NodeResultStore {
  /** null: none that may be taken at `now`. Rejects with StoreCorrupt where it is not what was written. */
  find(tenantId: string, workflowId: string, key: string, now: number): Promise<NodeResult | null>;
  /** Takes the place of one with the same key. The oldest make room where the tenant has more than it may (`NODE_RESULTS`). */
  keep(tenantId: string, result: NewNodeResult): Promise<void>;
}

export interface NodeResult {
  /** The run that made it. */
  readonly runId: string;
  readonly at: number;
  /** JSON text. */
  readonly result: string;
}

export interface NewNodeResult extends NodeResult {
  readonly workflowId: string;
  /** SHA-256 of what the node was asked for, in hex. */
  readonly key: string;
  /** It may be taken before this moment. */
  readonly expiresAt: number;
}
