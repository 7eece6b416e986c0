import assert from "node:assert/strict";
import { test } from "node:test";
import { laneOf } from "#store/delivery-target";
import { EndpointDisabled, NotFound, RunNotEnded } from "#store/errors";
import type { NewRun, Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, acceptEnded, accepted, FAILED, failed, finished, newRun, PENDING, SUCCEEDED } from "#store/testing/runs";
import type { DeliveryKey, DeliveryOutcome, DeliveryRow, Endpoint, NewAttempt, WebhookTarget } from "#store/webhook-store";

const HOOK: WebhookTarget = { method: "POST", url: "https://hooks.example.com/runs?a=1", headers: { "X-Team": "harbour" } };
const PING: WebhookTarget = { method: "GET", url: "https://ping.example.net/done", headers: {} };

const LATER = AT + 1_000;

const keyOf = (run: NewRun, ordinal = 0): DeliveryKey => ({ tenantId: TENANT, runId: run.id, ordinal });

function attempt(values: Partial<NewAttempt> = {}): NewAttempt {
  const request = { method: "POST", url: HOOK.url, headers: { "webhook-id": "msg_1_0" } };
  const response = { status: 500, headers: { "content-type": "text/plain" }, body: "no" };
  return { tries: 0, startedAt: AT + 20, endedAt: AT + 30, request, response, error: null, ...values };
}

async function acceptWith(store: Store, webhooks: readonly WebhookTarget[], values: Partial<NewRun> = {}): Promise<NewRun> {
  const run = newRun(values);
  await store.runs.accept(TENANT, run, [accepted(run), finished()], SUCCEEDED, { webhooks });
  return run;
}

async function dueRuns(store: Store, at = LATER): Promise<readonly string[]> {
  return (await due(store, at)).map(({ runId }) => runId);
}

async function due({ webhooks }: Store, at: number): Promise<readonly DeliveryRow[]> {
  const lanes = await webhooks.dueLanes(at);
  return (await Promise.all(lanes.map((lane) => webhooks.due(lane, at, 100)))).flat();
}

async function stateOf(store: Store, key: DeliveryKey): Promise<string | undefined> {
  return (await store.webhooks.get(key))?.state;
}

type Check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => void;

export function webhookSuite(open: OpenStore): void {
  const check: Check = (name, body) => test(name, withStore(open, body));
  outboxSuite(check);
  attemptSuite(check);
  retentionSuite(check);
  endpointSuite(check);
  listSuite(check);
  secretSuite(check);
}

function outboxSuite(check: Check): void {
  check("deliveries are there with their run, wait for its end, and are due from then on", async ({ store, reopen }) => {
    const run = newRun();
    const claim = await store.runs.accept(TENANT, run, [accepted(run)], PENDING, { webhooks: [HOOK, PING] });
    const waiting = await store.webhooks.get(keyOf(run));
    assert.ok(waiting);
    assert.deepEqual(
      [waiting.workflowId, waiting.method, waiting.url, waiting.headers, waiting.state, waiting.dueAt, waiting.attempts],
      [run.workflowId, "POST", HOOK.url, HOOK.headers, "waiting", null, 0],
    );
    assert.deepEqual(await dueRuns(store), []);
    await store.runs.append(claim, [failed()], FAILED);
    for (const current of [async () => store, reopen]) {
      const rows = await due(await current(), LATER);
      assert.deepEqual(
        rows.map(({ runId, ordinal, method, state, dueAt }) => [runId, ordinal, method, state, dueAt]),
        [
          [run.id, 0, "POST", "due", FAILED.endedAt],
          [run.id, 1, "GET", "due", FAILED.endedAt],
        ],
      );
    }
  });

  check("those of a run that ended at once are due at once; a run without any has none", async ({ store }) => {
    const run = await acceptWith(store, [HOOK]);
    await acceptEnded(store.runs, newRun());
    assert.deepEqual(await dueRuns(store), [run.id]);
    assert.deepEqual(await dueRuns(store, AT), [], "not before the end");
  });

  check("they are made due by whoever ends the run after it was taken over", async ({ store, owner, reopen }) => {
    const run = newRun({ owner });
    await store.runs.accept(TENANT, run, [accepted(run)], PENDING, { webhooks: [HOOK] });
    const reopened = await reopen();
    const [claimed] = await reopened.runs.takeOver(owner, 10);
    assert.ok(claimed);
    await reopened.runs.append(claimed.claim, [finished()], SUCCEEDED);
    assert.deepEqual(await dueRuns(reopened), [run.id]);
  });

  check("whoever watches is told when deliveries fall due, and of nothing where there are none", async ({ store }) => {
    const told: string[] = [];
    store.watch((change) => told.push(`${change.kind} ${change.id}`));
    await acceptEnded(store.runs, newRun());
    const run = newRun();
    const claim = await store.runs.accept(TENANT, run, [accepted(run)], PENDING, { webhooks: [HOOK] });
    assert.deepEqual(told, []);
    await store.runs.append(claim, [finished()], SUCCEEDED);
    const other = await acceptWith(store, [HOOK]);
    assert.deepEqual(told, [`delivery ${run.id}`, `delivery ${other.id}`]);
  });

  check("however much is due in one lane, the others are seen", async ({ store }) => {
    const { webhooks } = store;
    const runs = [];
    for (let i = 0; i < 5; i++) runs.push(await acceptWith(store, [HOOK]));
    const late = await acceptWith(store, [PING]);
    const elsewhere = await acceptWith(store, [HOOK], { workflowId: "f".repeat(24) });
    const lanes = await webhooks.dueLanes(LATER);
    const expected = [laneOf(late.workflowId, HOOK), laneOf(late.workflowId, PING), laneOf(elsewhere.workflowId, HOOK)];
    assert.deepEqual(lanes.toSorted(), expected.toSorted());
    const [first] = expected;
    const firstDue = await webhooks.due(first ?? "", LATER, 2);
    assert.deepEqual(
      firstDue.map(({ runId }) => runId),
      runs.slice(0, 2).map(({ id }) => id),
    );
    assert.equal((await webhooks.due(first ?? "", LATER, 9)).length, 5);
    assert.deepEqual(await webhooks.due(first ?? "", AT, 9), [], "not before it is due");
  });
}

function attemptSuite(check: Check): void {
  const outcomes: readonly (readonly [DeliveryOutcome, string, number | null])[] = [
    [{ state: "due", dueAt: LATER }, "due", LATER],
    [{ state: "delivered" }, "delivered", null],
    [{ state: "failed" }, "failed", null],
    [{ state: "gone" }, "disabled", null],
  ];
  for (const [outcome, state, dueAt] of outcomes) {
    check(`an attempt is kept with what follows from it: ${outcome.state}`, async ({ store, reopen }) => {
      const run = await acceptWith(store, [HOOK]);
      const { tries: _, ...kept } = attempt();
      await store.webhooks.record(keyOf(run), attempt(), outcome);
      const { webhooks } = await reopen();
      const row = await webhooks.get(keyOf(run));
      assert.deepEqual([row?.state, row?.dueAt, row?.tries, row?.attempts], [state, dueAt, 1, 1]);
      assert.equal(row?.endedAt, dueAt === null ? attempt().endedAt : null);
      assert.deepEqual(await webhooks.attempts(keyOf(run)), [{ number: 1, ...kept }]);
      assert.equal(await webhooks.nextDueAt(AT + 30), dueAt);
    });
  }

  check("what failed is sent again under the same id with a new schedule", async ({ store }) => {
    const run = await acceptWith(store, [HOOK]);
    await store.webhooks.record(keyOf(run), attempt(), { state: "failed" });
    await store.webhooks.resend(keyOf(run), LATER);
    const row = await store.webhooks.get(keyOf(run));
    assert.deepEqual([row?.state, row?.dueAt, row?.tries, row?.attempts, row?.endedAt], ["due", LATER, 0, 1, null]);
  });

  check("a late attempt does not undo that its delivery was sent again, unless it arrived", async ({ store }) => {
    const run = await acceptWith(store, [HOOK]);
    await store.webhooks.record(keyOf(run), attempt(), { state: "due", dueAt: LATER });
    await store.webhooks.resend(keyOf(run), LATER + 5);
    await store.webhooks.record(keyOf(run), attempt({ tries: 1 }), { state: "failed" });
    assert.equal((await store.webhooks.get(keyOf(run)))?.dueAt, LATER + 5);
    await store.webhooks.record(keyOf(run), attempt({ tries: 1 }), { state: "delivered" });
    assert.equal(await stateOf(store, keyOf(run)), "delivered");
    assert.deepEqual(
      (await store.webhooks.attempts(keyOf(run))).map(({ number }) => number),
      [1, 2, 3],
    );
  });

  check("only what is there, and whose run has ended, is sent again", async ({ store }) => {
    const run = newRun();
    await store.runs.accept(TENANT, run, [accepted(run)], PENDING, { webhooks: [HOOK] });
    await assert.rejects(store.webhooks.resend(keyOf(run), LATER), RunNotEnded);
    await assert.rejects(store.webhooks.resend(keyOf(run, 1), LATER), NotFound);
    await assert.rejects(store.webhooks.resend({ ...keyOf(run), tenantId: OTHER_TENANT }, LATER), NotFound);
  });

  check("recovering sends again exactly what failed since then", async ({ store }) => {
    const [old, recent, fine, other] = [
      await acceptWith(store, [HOOK]),
      await acceptWith(store, [HOOK]),
      await acceptWith(store, [HOOK]),
      await acceptWith(store, [HOOK], { workflowId: "f".repeat(24) }),
    ];
    await store.webhooks.record(keyOf(old), attempt({ endedAt: AT + 40 }), { state: "failed" });
    await store.webhooks.record(keyOf(recent), attempt({ endedAt: AT + 50 }), { state: "failed" });
    await store.webhooks.record(keyOf(fine), attempt({ endedAt: AT + 50 }), { state: "delivered" });
    await store.webhooks.record(keyOf(other), attempt({ endedAt: AT + 50 }), { state: "failed" });
    assert.equal(await store.webhooks.recover(TENANT, AT + 50, recent.workflowId, LATER), 1);
    assert.deepEqual(await dueRuns(store), [recent.id]);
    assert.equal(await store.webhooks.recover(OTHER_TENANT, 0, null, LATER), 0);
    assert.equal(await store.webhooks.recover(TENANT, AT + 50, null, LATER), 1);
  });
}

function retentionSuite(check: Check): void {
  check("deliveries and their attempts go with their run", async ({ store }) => {
    const run = await acceptWith(store, [HOOK, PING]);
    await store.webhooks.record(keyOf(run), attempt(), { state: "failed" });
    assert.equal(await store.upkeep.prune(LATER, async () => true), 1);
    assert.deepEqual(await store.webhooks.list(TENANT, { limit: 9 }), []);
    assert.deepEqual(await store.webhooks.attempts(keyOf(run)), []);
    assert.deepEqual(await dueRuns(store), []);
    await store.webhooks.record(keyOf(run), attempt(), { state: "delivered" });
    assert.equal(await store.webhooks.get(keyOf(run)), null, "an attempt that comes too late leaves nothing");
  });
}

function endpointSuite(check: Check): void {
  const endpoint = (run: NewRun) => ({ workflowId: run.workflowId, method: "POST", url: HOOK.url });

  check("an endpoint that is gone is disabled for what is due, and for what falls due", async ({ store }) => {
    const first = await acceptWith(store, [HOOK, { ...HOOK, url: "https://hooks.example.com/runs?b" }, { ...HOOK, method: "PUT" }]);
    const before = await acceptWith(store, [HOOK]);
    const elsewhere = await acceptWith(store, [HOOK], { workflowId: "f".repeat(24) });
    await store.webhooks.record(keyOf(first), attempt(), { state: "gone" });
    const after = await acceptWith(store, [HOOK]);
    const states = [keyOf(first), keyOf(first, 1), keyOf(first, 2), keyOf(before), keyOf(elsewhere), keyOf(after)];
    assert.deepEqual(await Promise.all(states.map((key) => stateOf(store, key))), [
      "disabled",
      "disabled",
      "due",
      "disabled",
      "due",
      "disabled",
    ]);
    assert.deepEqual(await store.webhooks.disabledEndpoints(TENANT), [
      { workflowId: first.workflowId, method: "POST", url: "https://hooks.example.com/runs", disabledAt: attempt().endedAt },
    ]);
    assert.deepEqual(await store.webhooks.disabledEndpoints(OTHER_TENANT), []);
  });

  check("it is disabled until someone enables it again", async ({ store, reopen }) => {
    const run = await acceptWith(store, [HOOK]);
    await store.webhooks.record(keyOf(run), attempt(), { state: "gone" });
    const { webhooks } = await reopen();
    await assert.rejects(webhooks.resend(keyOf(run), LATER), EndpointDisabled);
    assert.equal(await webhooks.enableEndpoint(OTHER_TENANT, endpoint(run)), false);
    assert.equal(await webhooks.enableEndpoint(TENANT, endpoint(run)), true);
    assert.equal(await webhooks.enableEndpoint(TENANT, endpoint(run)), false);
    assert.equal((await webhooks.get(keyOf(run)))?.state, "disabled");
    await webhooks.resend(keyOf(run), LATER);
    assert.equal((await webhooks.get(keyOf(run)))?.state, "due");
  });

  check("the newest deliveries are counted by endpoint and state, and their answers by how long they took", async ({ store }) => {
    const [first, second] = [
      await acceptWith(store, [HOOK, PING]),
      await acceptWith(store, [{ ...HOOK, url: "https://hooks.example.com/runs?b" }]),
    ];
    await store.webhooks.record(keyOf(first), attempt({ endedAt: AT + 27 }), { state: "delivered" });
    await store.webhooks.record(keyOf(second), attempt({ endedAt: AT + 50, response: null }), { state: "due", dueAt: LATER });
    await store.webhooks.record(keyOf(second), attempt({ tries: 1, endedAt: AT + 51 }), { state: "due", dueAt: LATER });
    const short = ({ url, method }: Endpoint) => `${method} ${new URL(url).pathname}`;
    const tallies = async (since: number, most: number) =>
      (await store.webhooks.endpointTallies(TENANT, since, most))
        .map((tally) => [short(tally), tally.state, tally.tried, tally.count].join(" "))
        .toSorted();
    assert.deepEqual(await tallies(AT, 10), ["GET /done due false 1", "POST /runs delivered false 1", "POST /runs due true 1"]);
    assert.deepEqual(await tallies(AT, 1), ["POST /runs due true 1"]);
    assert.deepEqual(await tallies(AT + 1, 10), []);
    assert.deepEqual(await store.webhooks.endpointTallies(OTHER_TENANT, AT, 10), []);
    const times = await store.webhooks.endpointTimes(TENANT, AT, 10);
    assert.deepEqual(times.map((time) => [short(time), time.durationClass, time.count]).toSorted(), [
      ["POST /runs", 24, 1],
      ["POST /runs", 40, 1],
    ]);
  });
}

function listSuite(check: Check): void {
  check("deliveries are listed by run, workflow, state and time, a page at a time", async ({ store }) => {
    const first = await acceptWith(store, [HOOK, PING]);
    const second = await acceptWith(store, [HOOK], { workflowId: "f".repeat(24), acceptedAt: AT + 5 });
    await store.webhooks.record(keyOf(first), attempt(), { state: "delivered" });
    const listed = async (filter: object) =>
      (await store.webhooks.list(TENANT, { limit: 10, ...filter })).map(({ runId, ordinal }) => `${runId === first.id ? 1 : 2}.${ordinal}`);
    assert.deepEqual(await listed({}), ["2.0", "1.1", "1.0"]);
    assert.deepEqual(await listed({ limit: 2 }), ["2.0", "1.1"]);
    assert.deepEqual(await listed({ before: { runId: first.id, ordinal: 1 } }), ["1.0"]);
    assert.deepEqual(await listed({ runId: first.id }), ["1.1", "1.0"]);
    assert.deepEqual(await listed({ workflowId: second.workflowId }), ["2.0"]);
    assert.deepEqual(await listed({ state: "due" }), ["2.0", "1.1"]);
    assert.deepEqual(await listed({ state: "delivered", workflowId: first.workflowId }), ["1.0"]);
    assert.deepEqual(await listed({ since: AT + 5 }), ["2.0"]);
    assert.deepEqual(await store.webhooks.list(OTHER_TENANT, { limit: 10 }), []);
    assert.equal(await store.webhooks.get({ ...keyOf(first), tenantId: OTHER_TENANT }), null);
  });
}

function secretSuite(check: Check): void {
  check("a workflow has one secret, and beside it the one before a rotation", async ({ store, reopen }) => {
    const none = await store.webhooks.secret(TENANT, "w1");
    assert.equal(none, null);
    const kept = await Promise.all(["a", "b"].map((sealed) => store.webhooks.keepSecret(TENANT, "w1", sealed, AT)));
    assert.deepEqual(kept, Array(2).fill({ sealed: "a", previous: null, createdAt: AT }));
    const rotated = await store.webhooks.rotateSecret(TENANT, "w1", "c", AT + 1, AT + 9);
    assert.deepEqual(rotated, { sealed: "c", previous: { sealed: "a", until: AT + 9 }, createdAt: AT + 1 });
    const { webhooks } = await reopen();
    assert.deepEqual(await webhooks.secret(TENANT, "w1"), rotated);
    assert.equal(await webhooks.secret(OTHER_TENANT, "w1"), null);
    assert.deepEqual(await webhooks.rotateSecret(TENANT, "w2", "z", AT, AT), { sealed: "z", previous: null, createdAt: AT });
  });
}
