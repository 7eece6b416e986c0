import type { Json, JsonObject } from "@millrace/contract";
import { framesTo } from "#apply/spine";
import { parsePath } from "#path";
import type { CompiledValue } from "#plan/compiled-value";
import type { Frame, RunState } from "#state";

/** What an expression can see: the frames from the document's down to its own, and what its node was given. */
export interface Scope {
  readonly state: RunState;
  readonly frames: readonly Frame[];
  /** The node's `inputs`. */
  readonly inputs: JsonObject;
  /** The node's result, while its `outputs` are made. */
  readonly result: Json;
  /** What `uuid()` derives from. */
  readonly seed: string;
}

const NOTHING: JsonObject = {};

/** The scope of the node at `path`, or of an item's frame (`each[3]/`). */
export function scopeAt(state: RunState, path: string): Scope {
  return { state, frames: framesTo(state.root, parsePath(path)), inputs: NOTHING, result: null, seed: `${state.run.seed}/${path}` };
}

/** Time stands still within a state: `now()` is the time of the last entry, so that a replay sees the same. */
export function evaluate(value: CompiledValue, scope: Scope): Json {
  return value.evaluate({ env: scope, now: scope.state.at, seed: scope.seed });
}
