import type { JsonObject } from "@millrace/contract";

/** What tenants have imported for workflows to call. */
export interface ToolStore {
  /** By name, without their operations. */
  list(tenantId: string): Promise<readonly ToolCollectionRow[]>;
  get(tenantId: string, name: string): Promise<ToolCollection | null>;
  /** Makes it, or replaces it. */
  put(tenantId: string, name: string, collection: NewToolCollection, at: number): Promise<ToolCollectionRow>;
  /** False when there is no such collection. */
  delete(tenantId: string, name: string): Promise<boolean>;
}

export interface NewToolCollection {
  /** What is shown of it in a list. */
  readonly facts: JsonObject;
  readonly operations: readonly JsonObject[];
}

export interface ToolCollectionRow {
  readonly name: string;
  readonly facts: JsonObject;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ToolCollection extends ToolCollectionRow {
  readonly operations: readonly JsonObject[];
}
