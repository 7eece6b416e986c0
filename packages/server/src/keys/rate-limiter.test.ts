import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RateLimiter } from "#keys/rate-limiter";

const limits = fc.record({ requests: fc.integer({ min: 1, max: 50 }), windowS: fc.integer({ min: 1, max: 100 }) });

test("what is left counts down to the refusal, and says when all of it is back", () => {
  const limiter = new RateLimiter(() => 0);
  const limit = { requests: 2, windowS: 60 };
  const taken = Array.from({ length: 3 }, () => limiter.take("default", "a", limit));
  assert.deepEqual(taken, [
    { limit, remaining: 1, resetS: 30, retryAfterS: null },
    { limit, remaining: 0, resetS: 60, retryAfterS: null },
    { limit, remaining: 0, resetS: 60, retryAfterS: 30 },
  ]);
  assert.equal(limiter.take("default", "b", limit).retryAfterS, null);
});

test("never more than the limit and what came back since are let through", () => {
  fc.assert(
    fc.property(limits, fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 }), (limit, waits) => {
      let now = 0;
      const limiter = new RateLimiter(() => now);
      const letThroughAt: number[] = [];
      for (const wait of waits) {
        now += wait;
        if (limiter.take("default", "k", limit).retryAfterS === null) letThroughAt.push(now);
      }
      for (const [first, from] of letThroughAt.entries())
        for (const [last, to] of letThroughAt.entries())
          if (last >= first)
            assert.ok(last - first + 1 <= limit.requests + ((to - from) / 1_000) * (limit.requests / limit.windowS) + 1e-6);
    }),
  );
});

test("whoever waits as long as told is let through", () => {
  fc.assert(
    fc.property(limits, fc.integer({ min: 0, max: 10_000 }), (limit, offset) => {
      let now = offset;
      const limiter = new RateLimiter(() => now);
      let refused = limiter.take("default", "k", limit);
      while (refused.retryAfterS === null) refused = limiter.take("default", "k", limit);
      assert.ok(refused.retryAfterS >= 1);
      now += refused.retryAfterS * 1_000;
      assert.equal(limiter.take("default", "k", limit).retryAfterS, null);
    }),
  );
});
