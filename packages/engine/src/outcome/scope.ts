import type { Json, JsonObject } from "@millrace/contract";
import { framesTo } from "#apply/spine";
import { parsePath } from "#path";
import type { CompiledValue } from "#plan/compiled-value";
import type { Scope } from "#plan/scope";
import type { RunState } from "#state";

const NOTHING: JsonObject = {};

/** The scope of the node at `path`, or of an item's frame (`each[3]/`). */
export function scopeAt(state: RunState, path: string): Scope {
  const { run, plan, startedAt } = state;
  return {
    frames: framesTo(state.root, parsePath(path)),
    inputs: NOTHING,
    result: null,
    env: plan.env,
    secrets: NOTHING,
    run: { id: run.runId, userId: run.userId, startedAt },
    workflow: run.workflow,
    now: state.at,
    seed: `${run.seed}/${path}`,
  };
}

/** Time is that of the last entry and chance that of the run's seed, so that a replay sees the same. */
export function evaluate(value: CompiledValue, scope: Scope): Json {
  return value.evaluate({ env: scope, now: scope.now, seed: scope.seed });
}
