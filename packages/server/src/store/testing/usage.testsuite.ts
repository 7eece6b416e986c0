import assert from "node:assert/strict";
import { test } from "node:test";
import { addUsage, type Entry, NO_TOTALS, type Usage } from "@millrace/engine";
import type { NewRun, Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, accepted, failed, finished, newRun, RUNNING, SUCCEEDED } from "#store/testing/runs";
import { USAGE_DIMENSIONS } from "#store/usage-store";

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const ALWAYS = { from: 0, to: AT + 1_000 * DAY_MS };
const CHAT: Usage = { kind: "chat", model: "openai/small", inputTokens: 100, outputTokens: 20, credits: "0.0125" };
const RERANK: Usage = { kind: "rerank", inputTokens: 7, outputTokens: 0, credits: "0.000000000001" };
const CALLED: Usage = { ...CHAT, runId: "called-run" };

function paid(path: string, usage: readonly Usage[], at = AT): Entry {
  return { type: "node-finished", path, port: "out", output: {}, usage, attempt: 1, at };
}

function lost(path: string, attempt: number, usage: readonly Usage[], at = AT): Entry {
  const error = { type: "llm_error", code: 502, message: "The model failed.", retryable: true };
  return { type: "node-failed", path, attempt, error, usage, at };
}

async function spend(store: Store, run: NewRun, entries: readonly Entry[], tenantId = TENANT): Promise<string> {
  const claim = await store.runs.accept(tenantId, run, [accepted(run)], RUNNING);
  await store.runs.append(claim, entries, RUNNING);
  return run.id;
}

export function usageSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("U1 a run's rows are those of its journal, in its order, also after a restart", async ({ store, reopen }) => {
    const run = newRun();
    const cancelled: Entry = { type: "run-cancelled", abandoned: [{ path: "c", attempt: 2, usage: [CHAT] }], at: AT + 3 };
    await spend(store, run, [
      lost("a", 1, [CHAT], AT + 1),
      paid("a", [{ ...CHAT, cachedTokens: 5, price: { input: "25" } }, RERANK], AT + 2),
      cancelled,
    ]);
    const { usage } = await reopen();
    const rows = await usage.ofRun(TENANT, run.id);
    assert.deepEqual(
      rows.map(({ path, attempt, at, kind, model, credits, cachedTokens, price }) => ({
        path,
        attempt,
        at,
        kind,
        model,
        credits,
        cachedTokens,
        price,
      })),
      [
        { path: "a", attempt: 1, at: AT + 1, kind: "chat", model: "openai/small", credits: 12_500_000_000n, cachedTokens: 0, price: null },
        {
          path: "a",
          attempt: 1,
          at: AT + 2,
          kind: "chat",
          model: "openai/small",
          credits: 12_500_000_000n,
          cachedTokens: 5,
          price: { input: "25" },
        },
        { path: "a", attempt: 1, at: AT + 2, kind: "rerank", model: null, credits: 1n, cachedTokens: 0, price: null },
        { path: "c", attempt: 2, at: AT + 3, kind: "chat", model: "openai/small", credits: 12_500_000_000n, cachedTokens: 0, price: null },
      ],
    );
    assert.deepEqual(await usage.ofRun(OTHER_TENANT, run.id), []);
  });

  check("U2 an append that is refused writes no row, and a run without usage has none", async ({ store }) => {
    const run = newRun();
    const claim = await store.runs.accept(TENANT, run, [accepted(run)], RUNNING);
    await store.runs.append(claim, [finished()], SUCCEEDED);
    await assert.rejects(store.runs.append(claim, [paid("a", [CHAT])], RUNNING));
    assert.deepEqual(await store.usage.ofRun(TENANT, run.id), []);
    assert.deepEqual(await store.usage.sums(TENANT, "tenant", ALWAYS), []);
  });

  check("U3 each dimension's sums are the sum of the rows; what a called run paid is counted there alone", async ({ store }) => {
    const one = newRun({ userId: "ada", keyId: "k1" });
    const other = newRun({ userId: "ada", version: "1.0.1", workflowId: "abcdefabcdefabcdefabcdef" });
    await spend(store, one, [paid("a", [CHAT, CALLED]), paid("b", [RERANK])]);
    await spend(store, other, [paid("a", [CHAT])]);
    await spend(store, newRun(), [paid("a", [CHAT])], OTHER_TENANT);
    const { credits } = addUsage(NO_TOTALS, [CHAT, RERANK, CHAT]);
    for (const dimension of USAGE_DIMENSIONS) {
      const sums = await store.usage.sums(TENANT, dimension, ALWAYS);
      assert.equal(
        sums.reduce((sum, row) => sum + row.credits, 0n),
        credits,
        dimension,
      );
      assert.equal(
        sums.reduce((sum, row) => sum + row.requests, 0),
        3,
        dimension,
      );
      assert.equal(
        sums.reduce((sum, row) => sum + row.inputTokens, 0),
        207,
        dimension,
      );
    }
    const values = async (dimension: (typeof USAGE_DIMENSIONS)[number]) =>
      (await store.usage.sums(TENANT, dimension, ALWAYS)).map(({ value, requests }) => [value, requests]);
    assert.deepEqual(await values("key"), [
      ["", 1],
      ["k1", 2],
    ]);
    assert.deepEqual(await values("user"), [["ada", 3]]);
    assert.deepEqual(await values("model"), [
      ["", 1],
      ["openai/small", 2],
    ]);
    assert.deepEqual(await values("version"), [
      [`${one.workflowId}/1.0.0`, 2],
      [`${other.workflowId}/1.0.1`, 1],
    ]);
    assert.equal((await store.usage.ofRun(TENANT, one.id))[1]?.paidBy, "called-run");
  });

  check("U4 sums of any period of quarters are those of the rows in it", async ({ store }) => {
    const times = [0, 1, QUARTER_MS - 1, QUARTER_MS, DAY_MS - 1, DAY_MS, 2 * DAY_MS + QUARTER_MS, 3 * DAY_MS].map((ms) => AT + ms);
    await spend(
      store,
      newRun(),
      times.map((at, index) => paid(`n${index}`, [CHAT], at)),
    );
    for (const from of [0, QUARTER_MS, DAY_MS - QUARTER_MS, DAY_MS, 2 * DAY_MS])
      for (const length of [QUARTER_MS, 2 * QUARTER_MS, DAY_MS, 2 * DAY_MS + 3 * QUARTER_MS, 4 * DAY_MS]) {
        const period = { from: AT + from, to: AT + from + length };
        const within = times.filter((at) => at >= period.from && at < period.to).length;
        const [sum] = await store.usage.sums(TENANT, "tenant", period);
        assert.equal(sum?.requests ?? 0, within, JSON.stringify([from, length]));
        const quarters = await store.usage.quarters(TENANT, { dimension: "tenant", value: "" }, period);
        assert.equal(
          quarters.reduce((count, row) => count + row.requests, 0),
          within,
        );
      }
    const since = await store.usage.spent(TENANT, { dimension: "tenant", value: "" }, AT + QUARTER_MS);
    assert.equal(since, 12_500_000_000n * BigInt(times.filter((at) => at >= AT + QUARTER_MS).length));
  });

  check("U5 sums beyond 2^53 and beyond 2^63 units are exact", async ({ store }) => {
    const dear: Usage = { ...CHAT, credits: "9007199254740993.000000000001" };
    await spend(store, newRun(), [paid("a", [dear, dear]), paid("b", [dear])]);
    const [sum] = await store.usage.sums(TENANT, "tenant", ALWAYS);
    assert.equal(sum?.credits, 3n * 9_007_199_254_740_993_000_000_000_001n);
  });

  check("U8 what runs of drafts paid is in all sums, and can be left out of them", async ({ store, reopen }) => {
    const draft = newRun({ version: "draft-0123456789abcdef", userId: "ada" });
    await spend(store, newRun({ userId: "ada" }), [paid("a", [CHAT]), paid("b", [CHAT], AT + DAY_MS)]);
    await spend(store, draft, [paid("a", [CHAT, RERANK, CALLED]), paid("b", [CHAT], AT + QUARTER_MS)]);
    await spend(store, newRun({ version: draft.version }), [paid("a", [CHAT])], OTHER_TENANT);
    const { usage } = await reopen();
    for (const dimension of USAGE_DIMENSIONS) {
      const total = async (part?: "published") =>
        (await usage.sums(TENANT, dimension, ALWAYS, part)).reduce((sum, { credits }) => sum + credits, 0n);
      assert.deepEqual([await total(), await total("published")], [50_000_000_001n, 25_000_000_000n], dimension);
    }
    const published = await usage.sums(TENANT, "version", ALWAYS, "published");
    assert.deepEqual(
      published.map(({ value, requests }) => [value.split("/")[1], requests]),
      [["1.0.0", 2]],
    );
    const quarters = await usage.quarters(TENANT, { dimension: "user", value: "ada" }, ALWAYS, "published");
    assert.deepEqual(
      quarters.map(({ requests }) => requests),
      [1, 1],
    );
    assert.equal(await usage.spent(TENANT, { dimension: "user", value: "ada" }, 0), 50_000_000_001n);
    assert.deepEqual(await usage.sums(OTHER_TENANT, "kind", ALWAYS, "published"), []);
  });

  check("U7 what a kept answer cost is told, and counted nowhere", async ({ store }) => {
    const run = newRun();
    await spend(store, run, [paid("a", [{ ...CHAT, inputTokens: 0, outputTokens: 0, credits: "0", cached: true }, CHAT])]);
    const rows = await store.usage.ofRun(TENANT, run.id);
    assert.deepEqual(
      rows.map(({ cached, credits, model }) => [cached, credits === 0n, model]),
      [
        [true, true, CHAT.model],
        [false, false, CHAT.model],
      ],
    );
    assert.equal((await store.usage.sums(TENANT, "tenant", ALWAYS))[0]?.requests, 1);
  });

  check("U6 with a run its rows are deleted; what they added up to stays", async ({ store }) => {
    const run = newRun();
    const claim = await store.runs.accept(TENANT, run, [accepted(run), paid("a", [CHAT])], RUNNING);
    await store.runs.append(claim, [failed()], { ...SUCCEEDED, status: "FAILED", errorType: "http_503" });
    await store.upkeep.prune(AT + DAY_MS, async () => true);
    assert.deepEqual(await store.usage.ofRun(TENANT, run.id), []);
    assert.equal((await store.usage.sums(TENANT, "tenant", ALWAYS))[0]?.requests, 1);
  });
}
