import type { ExecuteCommand } from "@millrace/engine";
import type { EffectExecutor, Executor } from "@millrace/nodes";

/** What carries out the node's attempts; of one that may do without, what does it where it may not. */
export function executorWithEffects(executors: ReadonlyMap<string, Executor>, { node }: ExecuteCommand): EffectExecutor {
  const executor = executors.get(node.type);
  if (!executor) throw new Error(`no executor for ${node.type}`);
  const found = executor.effect === "none" ? executor.withEffects : executor;
  if (!found) throw new Error(`${node.type} is pure`);
  return found;
}
