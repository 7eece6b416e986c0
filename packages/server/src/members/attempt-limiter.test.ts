import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AttemptLimiter, MAX_REMEMBERED } from "#members/attempt-limiter";
import { RequestError } from "#request-error";

const LIMIT = { name: "tested", attempts: 3, windowMs: 1_000 };

/** null: let through; seconds to wait where it was not. */
function attempt(limiter: AttemptLimiter, key: string): number | null {
  try {
    limiter.take(key);
    return null;
  } catch (error) {
    assert.ok(error instanceof RequestError && error.type === "rate_limited");
    return error.details.retryAfterS ?? Number.NaN;
  }
}

test("so many attempts are let through in a window, wherever it begins; whoever waits as long as told is let through", () => {
  const steps = fc.array(fc.nat({ max: 700 }), { maxLength: 100 });
  fc.assert(
    fc.property(steps, (waits) => {
      let now = 0;
      const limiter = new AttemptLimiter(LIMIT, { mono: () => now, shared: null });
      const through: number[] = [];
      for (const wait of waits) {
        now += wait;
        const retryAfterS = attempt(limiter, "a");
        if (retryAfterS === null) through.push(now);
        else assert.ok((through.at(-LIMIT.attempts) ?? 0) + LIMIT.windowMs <= now + retryAfterS * 1_000);
      }
      for (const [n, at] of through.entries()) {
        const later = through[n + LIMIT.attempts];
        assert.ok(later === undefined || later - at >= LIMIT.windowMs);
      }
    }),
  );
});

test("each account has its own; what succeeds is taken back, once", () => {
  const limiter = new AttemptLimiter(LIMIT, { mono: () => 0, shared: null });
  for (let n = 0; n < 3; n++) assert.equal(attempt(limiter, "a"), null);
  assert.equal(attempt(limiter, "a"), 1);
  assert.equal(attempt(limiter, "b"), null);
  const takeBack = limiter.take("b");
  takeBack();
  takeBack();
  assert.deepEqual([attempt(limiter, "b"), attempt(limiter, "b"), attempt(limiter, "b")], [null, null, 1]);
});

test("attempts that are under way at the same time count before their outcome is known", () => {
  const limiter = new AttemptLimiter(LIMIT, { mono: () => 0, shared: null });
  const through = Array.from({ length: 1_000 }, () => attempt(limiter, "a")).filter((one) => one === null);
  assert.equal(through.length, 3);
});

test("however many addresses come, memory is bounded, and none that is remembered begins anew", () => {
  let now = 0;
  const limiter = new AttemptLimiter(LIMIT, { mono: () => now, shared: null });
  for (let n = 0; n < 3; n++) attempt(limiter, "first");
  for (let n = 1; n < MAX_REMEMBERED; n++) attempt(limiter, `address ${n}`);
  assert.equal(attempt(limiter, "first"), 1);
  const many = Array.from({ length: 100 }, (_, n) => attempt(limiter, `another ${n}`));
  assert.equal(many.filter((one) => one === null).length, 3, "new ones are counted together");
  now = 1_000;
  assert.equal(attempt(limiter, "another 99"), null, "there is room again");
  assert.equal(attempt(limiter, "first"), null);
});
