import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addUsage, NO_TOTALS, roundCredits } from "@millrace/engine";
import fc from "fast-check";
import { AskingHouse, type Step } from "./asking-house.ts";

// R11 W10: bodies, ledger, sums and the provider's own counts are one and the same, in every nesting.

const TENANT = "default";
const ALWAYS = { from: 0, to: 4_000_000_000_000 };

let house: AskingHouse;
before(async () => {
  house = await AskingHouse.open();
});
after(() => house.close());

const ask = fc.record({
  do: fc.constant("ask" as const),
  asks: fc.integer({ min: 0, max: 3 }),
  failures: fc.integer({ min: 0, max: 3 }),
  retries: fc.integer({ min: 1, max: 3 }),
  handled: fc.boolean(),
});
const { step } = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    ask,
    fc.record({ do: fc.constant("batch" as const), items: fc.integer({ min: 0, max: 3 }), body: tie("step") }),
    fc.record({ do: fc.constant("call" as const), steps: fc.array(tie("step"), { minLength: 1, maxLength: 2 }) }),
  ),
}));

test("R11 W10 for random graphs with retries, loops and called workflows: body = ledger = sums = what the provider counted", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 3 }), async (steps) => {
      house.provider.forget();
      const before = (await house.store.usage.sums(TENANT, "tenant", ALWAYS))[0]?.credits ?? 0n;
      const run = await house.run(await house.publish(steps), `user${runs++}`);
      const { credits, tokens, requests } = house.provider;
      const rows = await house.store.usage.ofRun(TENANT, run.id);
      const ofRows = rows.reduce((sum, row) => sum + row.credits, 0n);
      assert.equal(ofRows, credits, "the ledger of the run");
      assert.equal(
        rows.reduce((sum, row) => sum + row.inputTokens + row.outputTokens, 0),
        tokens,
      );
      assert.deepEqual([run.totalCost, run.totalTokens], [roundCredits(credits), tokens], "the body of the run");
      const usage = (await house.store.runs.journal(TENANT, run.id)).flatMap((entry) => ("usage" in entry ? (entry.usage ?? []) : []));
      assert.equal(addUsage(NO_TOTALS, usage).credits, credits, "the journal of the run");
      assert.equal(((await house.store.usage.sums(TENANT, "tenant", ALWAYS))[0]?.credits ?? 0n) - before, credits, "all sums");
      const [ofUser] = (await house.store.usage.sums(TENANT, "user", ALWAYS)).filter(({ value }) => value === run.userId);
      assert.deepEqual(
        [ofUser?.credits ?? 0n, ofUser?.requests ?? 0],
        [credits, requests],
        "each request once, and to the user of the first run",
      );
    }),
    { numRuns: 60 },
  );
});

test("what an attempt had paid for when its run was cancelled is in the run's totals", async () => {
  house.provider.forget();
  const name = await house.publish([{ do: "ask", asks: 2, failures: 0, retries: 1, handled: false, stallsAfter: 1 }]);
  const { runId, ended } = await house.begin(name, "ada");
  await house.provider.stalled();
  await house.runtime.cancel(TENANT, runId, "enough");
  const run = await ended;
  const first = house.provider.costOf(1);
  assert.deepEqual([run.error?.type, run.totalTokens], ["cancelled", first.tokens]);
  const rows = await house.store.usage.ofRun(TENANT, runId);
  assert.deepEqual(
    rows.map(({ path, attempt, credits }) => [path, attempt, credits]),
    [["step0", 1, first.credits]],
  );
});

test("with a budget the steps of a run go no further than one step too far, and the run says why it failed", async () => {
  house.provider.forget();
  const { credits } = house.provider.costOf(1);
  const at = Date.now();
  const of = { dimension: "user", value: "bounded" } as const;
  await house.store.budgets.put(TENANT, {
    id: "0123456789abcdef01234567",
    of,
    period: "total",
    timeZone: "UTC",
    credits: credits + 1n,
    at,
  });
  const asking: Step = { do: "ask", asks: 1, failures: 0, retries: 1, handled: false };
  const name = await house.publish([
    { do: "call", steps: [asking] },
    { do: "batch", items: 5, body: asking },
  ]);
  const run = await house.run(name, "bounded");
  assert.deepEqual([run.status, run.error?.type, run.error?.message], ["FAILED", "out_of_credits", "The budget of this user is used up."]);
  assert.equal(house.provider.requests, 2, "the called run paid for one, and one step more was begun while anything was left");
  await house.reopen();
  assert.equal((await house.run(name, "bounded")).error?.type, "out_of_credits", "also after a restart");
  assert.equal(house.provider.requests, 2);
});
