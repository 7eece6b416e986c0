import type { Json, JsonObject } from "@millrace/contract";

/**
 * What an expression can see, as little of it as readers need: the frames from the document's down to its own, what its node was given,
 * and the run. The state of a run fits these shapes; plans are compiled against them and never know of states.
 */
export interface Scope {
  readonly frames: readonly FrameView[];
  /** The node's `inputs`. */
  readonly inputs: JsonObject;
  /** The node's result, while its `outputs` are made. */
  readonly result: Json;
  readonly env: JsonObject;
  /** Values of the secrets that the node's credentials name; there while an attempt begins, and never in a state. */
  readonly secrets: JsonObject;
  readonly run: JsonObject;
  readonly workflow: JsonObject;
  /** Epoch ms; time stands still within a state. */
  readonly now: number;
  /** What `uuid()` derives from. */
  readonly seed: string;
}

export interface FrameView {
  readonly item: Json;
  readonly index: number;
  /** By their place in the graph. */
  readonly nodes: { at(index: number): NodeView | undefined };
}

export interface NodeView {
  readonly output: Json;
  readonly attempt: number;
  readonly error: { readonly type: string; readonly message: string; readonly code: number } | null;
  readonly iteration: { readonly variables: JsonObject } | null;
}
