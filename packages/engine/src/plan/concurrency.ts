import type { Concurrency, Json } from "@millrace/contract";
import { compileValue } from "#plan/compile-value";
import type { GraphDraft } from "#plan/draft";
import type { ConcurrencyPlan } from "#plan/plan-types";
import type { Problems } from "#plan/problem";
import { ScopeNames } from "#plan/scope-names";

const DEFAULT_QUEUE = 1_000;
const DEFAULT_QUEUE_TIMEOUT_MS = 86_400_000;

/** `concurrency` of a document. Its key is read before anything has run: of the nodes it sees the Start alone. */
export function compileConcurrency(
  concurrency: Concurrency | undefined,
  root: GraphDraft,
  { env, problems }: { readonly env: { readonly [name: string]: Json }; readonly problems: Problems },
): ConcurrencyPlan | null {
  if (!concurrency) return null;
  const { limit, key, queue = DEFAULT_QUEUE, queueTimeoutMs = DEFAULT_QUEUE_TIMEOUT_MS } = concurrency;
  const entry = root.nodes.filter((node) => node.spec.role === "entry");
  const graph = { ...root, byId: new Map(entry.map((node) => [node.id, node])) };
  const names = new ScopeNames({ graph, reader: null, env, inputs: [], result: null, secretsAllowed: false });
  const compiled = key === undefined ? null : compileValue(key, "/concurrency/key", { names, problems, lenient: true });
  return { limit, key: compiled, queue, queueTimeoutMs };
}
