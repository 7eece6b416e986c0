import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { shortCredits } from "@millrace/engine";
import fc from "fast-check";
import pino from "pino";
import type { Payer } from "#runtime/budget-gate";
import type { BudgetStore, NewBudget, OwnedBudget } from "#store/budget-store";
import { openSqliteStore } from "#store/sqlite/open";
import type { Change, Claim, Store } from "#store/store";
import { AT, accepted, newRun, RUNNING } from "#store/testing/runs";
import type { UsageStore } from "#store/usage-store";
import { SpendingGate } from "#usage/budget-gate";

// The invariants of usage/budget-gate.ts, over a real store.

const TENANT = "default";
const CREDIT = 10n ** 12n;
const ADA: Payer = { tenantId: TENANT, workflowId: "0123456789abcdef01234567", keyId: null, userId: "ada" };
const budget = (credits: bigint, of: NewBudget["of"] = { dimension: "user", value: "ada" }): NewBudget => ({
  id: "0123456789abcdef01234567",
  of,
  period: "total",
  timeZone: "UTC",
  credits: credits * CREDIT,
  at: AT,
});

/** Steps that are under a gate, and what became of them. */
class Steps {
  readonly gate: SpendingGate;
  readonly log: string[] = [];
  readonly open = new Map<string, { leave(credits: bigint): void }>();
  readonly #store: Store;
  #claim: Claim | null = null;

  constructor(store: Store, gate: SpendingGate) {
    this.#store = store;
    this.gate = gate;
  }

  enter(name: string, payer = ADA): void {
    const entered = this.gate.enter(payer, {
      begin: () => void this.log.push(`begin ${name}`),
      refuse: (message) => {
        this.log.push(`refuse ${name} ${message}`);
        this.open.delete(name);
      },
    });
    this.open.set(name, entered);
  }

  isUnderWay(name: string): boolean {
    return this.log.includes(`begin ${name}`) && this.open.has(name);
  }

  /** What the step cost becomes durable, and then it leaves. */
  async end(name: string, credits: bigint): Promise<void> {
    if (!this.#claim) {
      const run = newRun({ userId: "ada" });
      this.#claim = await this.#store.runs.accept(TENANT, run, [accepted(run)], RUNNING);
    }
    const usage = [{ kind: "chat", inputTokens: 1, outputTokens: 1, credits: shortCredits(credits) } as const];
    await this.#store.runs.append(
      this.#claim,
      [{ type: "node-finished", path: name, port: "out", output: {}, usage, attempt: 1, at: AT }],
      RUNNING,
    );
    this.open.get(name)?.leave(credits);
    this.open.delete(name);
    await decided();
  }
}

/** Decisions are made of what the store answers: a few turns of the event loop later. */
async function decided(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await setImmediate();
}

async function withGate(budgets: readonly NewBudget[], body: (steps: Steps, store: Store) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-gate-"));
  const log = pino({ level: "silent" });
  const store = await openSqliteStore({ dataDir, owner: "owner-1", logger: log });
  for (const one of budgets) await store.budgets.put(TENANT, one);
  const gate = await SpendingGate.open({ ...store, watch: store.watch.bind(store), clock: { now: () => AT }, log });
  try {
    await body(new Steps(store, gate), store);
  } finally {
    gate.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

test("what no budget bounds begins at once, and asks nobody", async () => {
  await withGate([budget(1n)], async (steps) => {
    const other = { ...ADA, userId: "grace" };
    steps.enter("a", other);
    assert.deepEqual(steps.log, ["begin a"]);
    assert.equal(steps.gate.refusal(other), null);
    assert.equal(steps.gate.refusal({ ...ADA, tenantId: "other" }), null);
  });
});

test("B1 whoever asks while a change of the budgets is being read waits for it, and the last one counts", async () => {
  const changed = Promise.withResolvers<(change: Change) => void>();
  const reads: ((budgets: readonly OwnedBudget[]) => void)[] = [];
  let isOpen = false;
  const all = () => (isOpen ? new Promise<readonly OwnedBudget[]>((resolve) => reads.push(resolve)) : Promise.resolve([]));
  const gate = await SpendingGate.open({
    budgets: { all } as unknown as BudgetStore,
    usage: { spent: () => Promise.resolve(CREDIT) } as unknown as UsageStore,
    watch: (heard) => {
      changed.resolve(heard);
      return () => undefined;
    },
    clock: { now: () => AT },
    log: pino({ level: "silent" }),
  });
  isOpen = true;
  const change = await changed.promise;
  change({ kind: "budget", id: "a" });
  change({ kind: "budget", id: "a" });
  const refusal = gate.refusal(ADA);
  reads[1]?.([{ ...budget(1n), tenantId: TENANT, createdAt: AT, updatedAt: AT }]);
  reads[0]?.([]);
  assert.equal(await refusal, "out_of_credits.user_total");
  assert.equal(await gate.refusal(ADA), "out_of_credits.user_total");
  gate.close();
});

test("B2 steps go side by side while their estimates fit, and one at a time near the end", async () => {
  await withGate([budget(250n)], async (steps) => {
    for (const name of ["a", "b", "c"]) steps.enter(name);
    await decided();
    assert.deepEqual(steps.log, ["begin a", "begin b"], "three times 100 credits are more than 250");
    await steps.end("a", 80n * CREDIT);
    assert.deepEqual(steps.log, ["begin a", "begin b"], "170 are left, and b is reckoned at 100 of them");
    await steps.end("b", 100n * CREDIT);
    assert.deepEqual(steps.log.at(-1), "begin c", "alone it may begin");
    steps.enter("d");
    await decided();
    assert.deepEqual(steps.log.at(-1), "begin c");
    await steps.end("c", 90n * CREDIT);
    assert.deepEqual(steps.log.at(-1), "refuse d out_of_credits.user_total");
    assert.equal(await steps.gate.refusal(ADA), "out_of_credits.user_total");
  });
});

test("B2 a step that was dearer than reckoned makes the next ones wait for as much", async () => {
  await withGate([budget(1_000n)], async (steps) => {
    steps.enter("a");
    await decided();
    await steps.end("a", 400n * CREDIT);
    for (const name of ["b", "c"]) steps.enter(name);
    await decided();
    assert.deepEqual(steps.log, ["begin a", "begin b"], "600 are left, and two steps may cost 800");
  });
});

test("B4 a later step does not overtake one that waits under the same budget", async () => {
  await withGate([budget(150n), { ...budget(100n, { dimension: "key", value: "k1" }), id: "0123456789abcdef01234568" }], async (steps) => {
    steps.enter("a", { ...ADA, userId: null, keyId: "k1" });
    steps.enter("b", { ...ADA, keyId: "k1" });
    steps.enter("c");
    await decided();
    assert.deepEqual(steps.log, ["begin a"], "b waits for the key's budget, and c for its turn under the user's");
    steps.open.get("a")?.leave(0n);
    await decided();
    assert.deepEqual(steps.log, ["begin a", "begin b"]);
  });
});

test("a step that leaves while it waits is in nobody's way, and never begins", async () => {
  await withGate([budget(100n)], async (steps) => {
    for (const name of ["a", "b", "c"]) steps.enter(name);
    await decided();
    steps.open.get("b")?.leave(0n);
    await steps.end("a", 1n * CREDIT);
    assert.deepEqual(steps.log, ["begin a", "begin c"]);
  });
});

test("a budget that is set, changed or removed holds from the next step on", async () => {
  await withGate([], async (steps, store) => {
    steps.enter("a");
    await store.budgets.put(TENANT, budget(0n));
    await decided();
    steps.enter("b");
    await decided();
    await store.budgets.put(TENANT, budget(5n));
    await decided();
    steps.enter("c");
    await decided();
    await store.budgets.delete(TENANT, budget(0n).id);
    await decided();
    steps.enter("d");
    assert.deepEqual(steps.log, ["begin a", "refuse b out_of_credits.user_total", "begin c", "begin d"]);
  });
});

test("B1 B3 no order of steps overruns a budget by more than the one that was under way last", async () => {
  const step = fc.record({ credits: fc.bigInt({ min: 0n, max: 100n * CREDIT }), endFirst: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: 1n, max: 700n }), fc.array(step, { minLength: 1, maxLength: 14 }), async (amount, plan) => {
      await withGate([budget(amount)], async (steps) => {
        let spent = 0n;
        let dearest = 0n;
        const endOne = async (): Promise<boolean> => {
          const index = plan.findIndex((_, i) => steps.isUnderWay(`s${i}`));
          const credits = plan[index]?.credits;
          if (credits === undefined) return false;
          spent += credits;
          if (credits > dearest) dearest = credits;
          await steps.end(`s${index}`, credits);
          return true;
        };
        for (const [index, { endFirst }] of plan.entries()) {
          for (let i = 0; i < endFirst; i++) await endOne();
          steps.enter(`s${index}`);
          await decided();
        }
        while (await endOne());
        assert.equal(steps.open.size, 0, "every step began or was refused");
        assert.ok(spent <= amount * CREDIT + dearest, `${spent} of ${amount}`);
        if (steps.log.some((line) => line.startsWith("refuse"))) assert.ok(spent >= amount * CREDIT, "refused while something was left");
      });
    }),
    { numRuns: 12 },
  );
});
