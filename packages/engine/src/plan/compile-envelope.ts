import {
  canonicalJson,
  type JsonObject,
  type NodeCache,
  type NodeConcurrency,
  type OnError,
  type RetryPolicy,
  say,
} from "@millrace/contract";
import { compileValue, type ValueCompiler } from "#plan/compile-value";
import type { NodeDraft } from "#plan/draft";
import type { CachePlan, NodeConcurrencyPlan, NodePlan, RetryPlan } from "#plan/plan-types";

/** What every node may say of how it runs, whatever its type is. */
export function compileEnvelope(
  node: NodeDraft,
  compiler: ValueCompiler,
): Pick<NodePlan, "retry" | "onError" | "timeoutMs" | "skipIf" | "cache" | "concurrency"> {
  const { retry, onError = { do: "fail" }, timeoutMs = null, skipIf, cache, concurrency } = node.envelope;
  reportIgnored(node, compiler);
  return {
    retry: retryPlan({ ...node.spec.retry, ...retry }),
    onError: onError as OnError,
    timeoutMs,
    skipIf: skipIf === undefined ? null : compileValue(skipIf, `${node.at}/skipIf`, compiler),
    cache: cache ? compileCache(node, cache, compiler) : null,
    concurrency: concurrency ? compileConcurrency(node, concurrency, compiler) : null,
  };
}

/** A node without effects has no attempts that another run could spare or wait for. */
function reportIgnored({ spec, envelope, id, at }: NodeDraft, { problems }: ValueCompiler): void {
  if (spec.effect !== "none") return;
  for (const member of ["cache", "concurrency"] as const) {
    if (envelope[member] === undefined) continue;
    const message = say`${member} means nothing for a node of type ${spec.type}: it does nothing outside of its run`;
    problems.add(`${member}_ignored`, `${at}/${member}`, message, { level: "warning", nodeId: id, hint: say`leave it out` });
  }
}

function compileCache({ at, spec, config, envelope }: NodeDraft, { ttlMs, key }: NodeCache, compiler: ValueCompiler): CachePlan {
  if (key === undefined) return { ttlMs, key: null, definition: "" };
  const definition = canonicalJson([spec.type, spec.version, config, (envelope.inputs as JsonObject | undefined) ?? null]);
  return { ttlMs, key: compileValue(key, `${at}/cache/key`, compiler), definition };
}

function compileConcurrency({ at }: NodeDraft, { limit, key }: NodeConcurrency, compiler: ValueCompiler): NodeConcurrencyPlan {
  return { limit, key: key === undefined ? null : compileValue(key, `${at}/concurrency/key`, { ...compiler, lenient: true }) };
}

function retryPlan(policy: RetryPolicy): RetryPlan {
  return {
    maxAttempts: policy.maxAttempts ?? 1,
    initialMs: policy.initialMs ?? 500,
    factor: policy.factor ?? 2,
    maxMs: policy.maxMs ?? 30_000,
    jitter: policy.jitter ?? true,
    on: policy.on ?? null,
  };
}
