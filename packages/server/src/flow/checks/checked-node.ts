import type { Json, JsonObject } from "@millrace/contract";

/** A node as the graph checks see it. */
export interface CheckedNode {
  readonly raw: JsonObject;
  readonly at: string;
  /** "" when the file gives none. */
  readonly id: string;
  readonly type: Json | undefined;
}
