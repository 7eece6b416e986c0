import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { shortCredits } from "@millrace/engine";
import pino from "pino";
import { systemClock } from "#clock";
import { systemIds } from "#ids";
import type { Payer } from "#runtime/budget-gate";
import { openPostgresStore } from "#store/postgres/open";
import { newDatabase } from "#store/postgres/testing/fixture";
import type { Claim, Store } from "#store/store";
import { AT, accepted, newRun, RUNNING } from "#store/testing/runs";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { SpendingGate } from "#usage/budget-gate";
import { SharedHolds } from "#usage/shared-holds";

// B1 to B3 of usage/budget-gate.ts, over several processes.

const TENANT = "default";
const CREDIT = 10n ** 12n;
const ADA: Payer = { tenantId: TENANT, workflowId: "0123456789abcdef01234567", keyId: null, userId: "ada" };
const POLL_MS = 5;
const log = pino({ level: "silent" });

/** What one process of them has of steps. */
class Spender {
  readonly store: Store;
  readonly #gate: SpendingGate;
  readonly #claim: Claim;

  private constructor(store: Store, gate: SpendingGate, claim: Claim) {
    this.store = store;
    this.#gate = gate;
    this.#claim = claim;
  }

  static async open(url: string, owner: string): Promise<Spender> {
    const clock = { ...systemClock, now: () => AT };
    const store = await openPostgresStore({ url, owner, clock, logger: log, connections: 4 });
    const { shared } = store;
    const others = shared && new SharedHolds({ shared, owner, clock: systemClock, log, newId: systemIds(systemClock.now).seed });
    const gate = await SpendingGate.open({ ...store, watch: store.watch.bind(store), clock, log, others });
    const run = newRun({ userId: "ada", owner });
    return new Spender(store, gate, await store.runs.accept(TENANT, run, [accepted(run)], RUNNING));
  }

  /** Resolves once it knows of a limit, and of room within it. */
  async hasRoom(): Promise<void> {
    for (;;) {
      const refusal = this.#gate.refusal(ADA);
      if (refusal !== null && (await refusal) === null) return;
      await pause(POLL_MS);
    }
  }

  /** Resolves when the step is over: with what it cost, or with why it never began. `meanwhile` is what it does before that. */
  step(path: string, credits: bigint, meanwhile: () => Promise<void> = async () => undefined): Promise<bigint | string> {
    return new Promise((resolve, reject) => {
      const entered = this.#gate.enter(ADA, {
        begin: () => {
          meanwhile()
            .then(() => this.#pay(path, credits))
            .then(() => {
              entered.leave(credits);
              resolve(credits);
            }, reject);
        },
        refuse: (message) => {
          entered.leave(0n);
          resolve(message);
        },
      });
    });
  }

  async #pay(path: string, credits: bigint): Promise<void> {
    const usage = [{ kind: "chat", inputTokens: 1, outputTokens: 1, credits: shortCredits(credits) } as const];
    const entry = { type: "node-finished", path, port: "out", output: {}, usage, attempt: 1, at: AT } as const;
    await this.store.runs.append(this.#claim, [entry], RUNNING);
  }
}

describe("a budget over all processes on one PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  let postgres: PostgresServer;
  let spenders: readonly Spender[];
  before(async () => {
    postgres = await startPostgres();
    const url = newDatabase(postgres);
    spenders = await Promise.all(["a", "b", "c"].map((owner) => Spender.open(url, owner)));
  });
  after(async () => {
    await Promise.all(spenders.map(({ store }) => store.close()));
    await postgres.close();
  });

  async function limit(credits: bigint): Promise<void> {
    const [{ store }] = spenders as [Spender];
    const of = { dimension: "user", value: "ada" } as const;
    const spent = await store.usage.spent(TENANT, of, 0);
    const id = "0123456789abcdef01234567";
    await store.budgets.put(TENANT, { id, of, period: "total", timeZone: "UTC", credits: spent + credits * CREDIT, at: AT });
    // There was no limit, or nothing was left of it.
    await Promise.all(spenders.map((spender) => spender.hasRoom()));
  }

  test("near its end steps of all of them go one at a time, and none begins when nothing is left", async () => {
    await limit(150n);
    let underWay = 0;
    let most = 0;
    const meanwhile = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      // The others have every chance to begin as well.
      await Promise.all(spenders.map(({ store }) => store.check()));
      underWay -= 1;
    };
    const steps = spenders.flatMap((spender, index) =>
      Array.from({ length: 4 }, (_, n) => spender.step(`near ${index} ${n}`, 60n * CREDIT, meanwhile)),
    );
    const outcomes = await Promise.all(steps);
    const paid = outcomes.filter((outcome) => typeof outcome === "bigint");
    assert.equal(most, 1);
    assert.equal(paid.length, 3, "60, 120, and the one that began while 30 were left");
    assert.deepEqual([...new Set(outcomes.filter((outcome) => typeof outcome === "string"))], ["out_of_credits.user_total"]);
  });

  test("it is never overrun by more than one step, whatever steps cost", async () => {
    await limit(2_000n);
    const costs = Array.from({ length: 90 }, (_, n) => BigInt(((n * 37) % 100) + 1) * CREDIT);
    const outcomes = await Promise.all(costs.map((cost, n) => (spenders[n % 3] as Spender).step(`many ${n}`, cost)));
    const paid = outcomes.reduce((sum: bigint, outcome) => (typeof outcome === "bigint" ? sum + outcome : sum), 0n);
    assert.ok(paid >= 2_000n * CREDIT && paid < 2_100n * CREDIT, `${paid / CREDIT} of 2000`);
    assert.ok(outcomes.includes("out_of_credits.user_total"));
  });
});
