import type { NodeError } from "#errors";
import type { RetryPlan } from "#plan/plan-types";
import { unitInterval } from "#seed";

/** Jitter spreads a wait by up to this share, both ways, so that siblings that failed together do not return together. */
const JITTER = 0.25;

/** Longest wait that a server's Retry-After can ask for. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/**
 * When the next attempt may start (epoch ms), or null: no further attempt.
 * `failures` counts failed attempts, the present one included. Chance comes from the run's seed, so that a replay agrees.
 */
export function retryAt(policy: RetryPlan, error: NodeError, failures: number, at: number, seed: string, path: string): number | null {
  if (failures >= policy.maxAttempts || !retries(policy, error)) return null;
  const wait = Math.min(policy.maxMs, policy.initialMs * policy.factor ** (failures - 1));
  const spread = policy.jitter ? 1 + JITTER * (2 * unitInterval(`${seed}/${path}/${failures}`) - 1) : 1;
  const asked = Math.min(error.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return at + Math.max(Math.round(wait * spread), asked);
}

function retries(policy: RetryPlan, error: NodeError): boolean {
  if (policy.on === null) return error.retryable;
  return policy.on.some((pattern) => matches(pattern, error.type));
}

/** `http_5*` matches by prefix, anything else exactly. */
function matches(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}
