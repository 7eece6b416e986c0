import type { RateLimit } from "@millrace/contract";
import type { Soon } from "#soon";
import type { QuotaStore } from "#store/shared-store";

/** What is left of a key's limit after a request. */
export interface Quota {
  readonly limit: RateLimit;
  /** Requests that would be let through at this moment. */
  readonly remaining: number;
  /** Whole seconds until all of them would be, rounded up. */
  readonly resetS: number;
  /** Whole seconds until one is let through again; null: this one was. */
  readonly retryAfterS: number | null;
}

/** Counts requests against limits. */
export interface RateLimits {
  /** `keyId`: of a key, or another name of what is limited. */
  take(tenantId: string, keyId: string, limit: RateLimit): Soon<Quota>;
}

interface Bucket {
  tokens: number;
  /** Monotonic ms. */
  at: number;
}

/** Buckets kept; beyond it all begin anew. */
const MAX_BUCKETS = 10_000;

/**
 * A token bucket for each limited key: all requests at once, or evenly over the window. It refills all the time, so that whoever waits as
 * long as told is let through; a refused request takes nothing. Of this process alone, and full after a start.
 */
export class RateLimiter implements RateLimits {
  readonly #mono: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(mono: () => number) {
    this.#mono = mono;
  }

  take(_tenantId: string, keyId: string, limit: RateLimit): Quota {
    const now = this.#mono();
    const bucket = this.#bucketOf(keyId, limit, now);
    const perSecond = limit.requests / limit.windowS;
    bucket.tokens = Math.min(limit.requests, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    const isLetThrough = bucket.tokens >= 1;
    if (isLetThrough) bucket.tokens -= 1;
    return quotaOf(limit, bucket.tokens, isLetThrough);
  }

  #bucketOf(keyId: string, limit: RateLimit, now: number): Bucket {
    const known = this.#buckets.get(keyId);
    if (known) return known;
    if (this.#buckets.size >= MAX_BUCKETS) this.#buckets.clear();
    const bucket = { tokens: limit.requests, at: now };
    this.#buckets.set(keyId, bucket);
    return bucket;
  }
}

/** The same over all processes that share a store: the buckets are there. */
export class SharedRateLimiter implements RateLimits {
  readonly #quotas: QuotaStore;

  constructor(quotas: QuotaStore) {
    this.#quotas = quotas;
  }

  async take(tenantId: string, keyId: string, limit: RateLimit): Promise<Quota> {
    const { tokens, isLetThrough } = await this.#quotas.take(tenantId, keyId, limit);
    return quotaOf(limit, tokens, isLetThrough);
  }
}

/** `tokens`: what is left in the bucket. */
function quotaOf(limit: RateLimit, tokens: number, isLetThrough: boolean): Quota {
  const perSecond = limit.requests / limit.windowS;
  return {
    limit,
    remaining: Math.floor(tokens),
    resetS: Math.ceil((limit.requests - tokens) / perSecond),
    retryAfterS: isLetThrough ? null : Math.max(1, Math.ceil((1 - tokens) / perSecond)),
  };
}
