import { canonicalJson, type JsonObject } from "@millrace/contract";
import { frameAt } from "#apply/spine";
import { prepare, withInputs } from "#outcome/prepare";
import { evaluate, scopeAt } from "#outcome/scope";
import type { NodePlan } from "#plan/plan-types";
import type { RunState } from "#state";

/**
 * Attempts with the same text may have each other's result; null: the node keeps none. Nothing secret is in it: a secret stands for itself
 * by its name. Throws ExpressionError, and what `prepare` throws.
 */
export function cacheKey(state: RunState, path: string): string | null {
  const node = planAt(state, path);
  if (!node.cache) return null;
  const place = [state.run.workflow.id, node.id, node.type, node.spec.version];
  const { key, definition } = node.cache;
  if (key) return canonicalJson([...place, definition, evaluate(key, withInputs(node, scopeAt(state, path)))]);
  const { config, inputs } = prepare(state, path, namesOf(node.secrets));
  return canonicalJson([...place, config, inputs]);
}

/** Attempts with the same text share the node's limit; null: none holds. */
export function nodeConcurrencyKey(state: RunState, path: string): string | null {
  const node = planAt(state, path);
  if (!node.concurrency) return null;
  const { key } = node.concurrency;
  const value = key ? evaluate(key, withInputs(node, scopeAt(state, path))) : null;
  return canonicalJson([state.run.workflow.id, node.id, value]);
}

function planAt(state: RunState, path: string): NodePlan {
  const { frame, index } = frameAt(state.root, path);
  const node = frame.graph.nodes[index];
  if (!node) throw new Error(`no node at ${path}`);
  return node;
}

function namesOf(secrets: readonly string[]): JsonObject {
  return Object.fromEntries(secrets.map((name) => [name, name]));
}
