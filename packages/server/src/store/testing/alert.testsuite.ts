import assert from "node:assert/strict";
import { test } from "node:test";
import { ALERTS, type AlertEventRow, type AlertRow, CLASSES_PER_OCTAVE, type ToldAlert } from "#store/alert-store";
import { NotFound } from "#store/errors";
import type { Change, NewRun, RunSummary, Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, accepted, FAILED, failed, finished, newRun, SUCCEEDED } from "#store/testing/runs";

const ID = "0123456789abcdef01234567";
const OTHER_WORKFLOW = "0123456789abcdef0123aaaa";
const EVENT_ID = "0198f3c2-0000-7000-8000-000000000001";
const HOUR_MS = 3_600_000;

function alert(values: Partial<AlertRow> = {}): AlertRow {
  return {
    id: ID,
    name: "night watch",
    kind: "failure_rate",
    workflowId: null,
    budgetId: null,
    threshold: 2.5,
    windowMs: HOUR_MS,
    channel: { kind: "webhook", url: "https://hooks.example.com/alerts?a=1" },
    language: "en",
    quietMs: HOUR_MS,
    enabled: true,
    state: "ok",
    firedAt: null,
    createdAt: AT,
    updatedAt: AT,
    ...values,
  };
}

function told(values: Partial<AlertEventRow> = {}): ToldAlert {
  const event: AlertEventRow = { id: EVENT_ID, alertId: ID, type: "fired", at: AT + 5, figure: 12.5, text: "It failed.", ...values };
  return { event, target: { method: "POST", url: "https://hooks.example.com/alerts?a=1", headers: {} }, body: '{"type":"alert.fired"}' };
}

const FIRING = { state: "firing", firedAt: AT + 5 } as const;

type Check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => void;

export function alertSuite(open: OpenStore): void {
  const check: Check = (name, body) => test(name, withStore(open, body));
  ruleSuite(check);
  settleSuite(check);
  figureSuite(check);
}

function ruleSuite(check: Check): void {
  check("a rule is kept as it was set, changed and deleted, in its tenant alone", async ({ store, reopen }) => {
    await store.alerts.create(TENANT, alert());
    await store.alerts.create(OTHER_TENANT, alert({ name: "theirs", enabled: false }));
    assert.deepEqual(await (await reopen()).alerts.get(TENANT, ID), alert());
  });

  check("a change is watched anew, and keeps the quiet period", async ({ store }) => {
    await store.alerts.create(TENANT, alert({ ...FIRING }));
    const { id: _, state: _state, firedAt: _firedAt, createdAt: _created, updatedAt: _updated, ...before } = alert();
    const settings = {
      ...before,
      threshold: 9,
      channel: { kind: "slack", url: "https://hooks.example.com/slack" },
      enabled: false,
    } as const;
    await store.alerts.update(TENANT, ID, settings, AT + 9);
    const { threshold, channel, enabled, state, firedAt, updatedAt } = (await store.alerts.get(TENANT, ID)) ?? alert();
    assert.deepEqual([threshold, channel.kind, enabled, state, firedAt, updatedAt], [9, "slack", false, "ok", AT + 5, AT + 9]);
    await assert.rejects(store.alerts.update(OTHER_TENANT, ID, settings, AT), NotFound);
    assert.equal(await store.alerts.delete(OTHER_TENANT, ID), false);
    assert.deepEqual([await store.alerts.delete(TENANT, ID), await store.alerts.delete(TENANT, ID)], [true, false]);
    assert.equal(await store.alerts.get(TENANT, ID), null);
  });

  check("those that are enabled are watched, of all tenants; a list is of one", async ({ store }) => {
    await store.alerts.create(TENANT, alert({ id: "0123456789abcdef01234568", createdAt: AT + 1 }));
    await store.alerts.create(TENANT, alert());
    await store.alerts.create(OTHER_TENANT, alert());
    await store.alerts.create(OTHER_TENANT, alert({ id: "0123456789abcdef01234569", enabled: false }));
    const watched = (await store.alerts.watched()).map(({ tenantId, id }) => [tenantId, id.slice(-1)]);
    assert.deepEqual(watched, [
      [TENANT, "7"],
      [TENANT, "8"],
      [OTHER_TENANT, "7"],
    ]);
    assert.deepEqual(
      (await store.alerts.list(TENANT)).map(({ id }) => id.slice(-1)),
      ["7", "8"],
    );
  });
}

function settleSuite(check: Check): void {
  check("what a look came to is told once: whoever saw the rule as it was before tells nothing", async ({ store, reopen }) => {
    const changes: Change[] = [];
    store.watch((change) => changes.push(change));
    await store.alerts.create(TENANT, alert());
    assert.equal(await store.alerts.settle(TENANT, alert(), FIRING, told()), true);
    assert.equal(await store.alerts.settle(TENANT, alert(), FIRING, told({ id: "0198f3c2-0000-7000-8000-000000000002" })), false);
    assert.equal(await store.alerts.settle(OTHER_TENANT, alert(), FIRING, told()), false);
    assert.deepEqual(
      changes.map(({ kind, id }) => [kind, id]),
      [
        ["alert", ID],
        ["alert", ID],
        ["delivery", EVENT_ID],
      ],
    );
    const { alerts } = await reopen();
    assert.deepEqual(await alerts.get(TENANT, ID), alert(FIRING));
    assert.deepEqual(await alerts.events(TENANT, { limit: 10 }), [told().event]);
  });

  check("what it tells is a delivery that is due at once, with its own body; a receiver that is gone gets none", async ({ store }) => {
    await store.alerts.create(TENANT, alert());
    await store.alerts.settle(TENANT, alert(), FIRING, told());
    const key = { tenantId: TENANT, runId: EVENT_ID, ordinal: 0 };
    const delivery = await store.webhooks.get(key);
    assert.deepEqual(
      [delivery?.workflowId, delivery?.alert, delivery?.state, delivery?.dueAt, delivery?.acceptedAt],
      [ALERTS, { id: ID, body: '{"type":"alert.fired"}' }, "due", AT + 5, AT + 5],
    );
    const attempt = {
      tries: 0,
      startedAt: AT + 6,
      endedAt: AT + 7,
      request: { method: "POST", url: "", headers: {} },
      response: null,
      error: null,
    };
    await store.webhooks.record(key, attempt, { state: "gone" });
    const [endpoint] = await store.webhooks.disabledEndpoints(TENANT);
    assert.deepEqual([endpoint?.workflowId, endpoint?.url], [ALERTS, "https://hooks.example.com/alerts"]);
    const recovered = told({ id: "0198f3c2-0000-7000-8000-000000000002", type: "recovered", figure: null });
    await store.alerts.settle(TENANT, alert(FIRING), { state: "ok", firedAt: AT + 5 }, recovered);
    assert.equal((await store.webhooks.get({ ...key, runId: recovered.event.id }))?.state, "disabled");
  });

  check("events are listed newest first, by rule, in pages; old ones are forgotten with their deliveries", async ({ store }) => {
    await store.alerts.create(TENANT, alert());
    const ids = [1, 2, 3].map((at) => `0198f3c2-0000-7000-8000-00000000000${at}`);
    let seen = alert();
    for (const [at, id] of ids.entries()) {
      const next = { state: at % 2 === 0 ? "firing" : "ok", firedAt: AT } as const;
      await store.alerts.settle(TENANT, seen, next, told({ id, at: AT + at * HOUR_MS }));
      seen = alert(next);
    }
    const listed = async (filter: object) => (await store.alerts.events(TENANT, { limit: 10, ...filter })).map(({ id }) => id.slice(-1));
    assert.deepEqual(await listed({}), ["3", "2", "1"]);
    assert.deepEqual(await listed({ alertId: ID, limit: 2 }), ["3", "2"]);
    assert.deepEqual(await listed({ alertId: ID, before: ids[1] }), ["1"]);
    assert.deepEqual(await listed({ alertId: OTHER_WORKFLOW }), []);
    assert.deepEqual(await store.alerts.events(OTHER_TENANT, { limit: 10 }), []);
    assert.equal(await store.alerts.prune(AT + HOUR_MS), false);
    assert.deepEqual(await listed({}), ["3", "2"]);
    assert.equal(await store.webhooks.get({ tenantId: TENANT, runId: ids[0] ?? "", ordinal: 0 }), null);
  });
}

const CANCELLED: RunSummary = { ...FAILED, errorType: "cancelled" };

function put(store: Store, run: NewRun, summary: RunSummary): Promise<unknown> {
  const end = summary.status === "FAILED" ? failed(summary.endedAt ?? AT) : finished({}, summary.endedAt ?? AT);
  return store.runs.accept(TENANT, run, [accepted(run), end], summary);
}

function figureSuite(check: Check): void {
  check("endings are counted by their time, workflow and duration; neither drafts nor what was cancelled", async ({ store }) => {
    const took = (executionMs: number, endedAt = AT + 100) => ({ ...SUCCEEDED, executionMs, endedAt });
    await put(store, newRun(), took(1_000));
    await put(store, newRun(), took(1_001));
    await put(store, newRun(), took(2_000));
    await put(store, newRun(), took(1_000, AT + 500));
    await put(store, newRun(), { ...FAILED, endedAt: AT + 100, executionMs: 0 });
    await put(store, newRun(), { ...CANCELLED, endedAt: AT + 100 });
    await put(store, newRun({ version: "draft-3" }), took(1_000));
    await put(store, newRun({ workflowId: OTHER_WORKFLOW }), took(1_000));
    await put(store, newRun({ acceptedAt: AT + HOUR_MS }), took(1_000, AT + 100));
    const accepted = { from: AT, to: AT + HOUR_MS };
    const rows = await store.alerts.endings(TENANT, accepted, { from: AT + 100, to: AT + 500 });
    const mine = rows
      .filter(({ workflowId }) => workflowId !== OTHER_WORKFLOW)
      .sort((one, other) => one.durationClass - other.durationClass);
    const classOf = (ms: number) => Math.floor(CLASSES_PER_OCTAVE * Math.log2(ms + 1));
    assert.deepEqual(
      mine.map(({ durationClass, ended, failed }) => [durationClass, ended, failed]),
      [
        [0, 1, 1],
        [classOf(1_000), 2, 0],
        [classOf(2_000), 1, 0],
      ],
    );
    assert.equal(rows.length, 4);
    assert.deepEqual(await store.alerts.endings(OTHER_TENANT, accepted, { from: AT, to: AT + 500 }), []);
  });

  check("failures in a row are of the last runs that have ended", async ({ store }) => {
    const { alerts } = store;
    assert.equal(await alerts.failuresInARow(TENANT, null, 10), 0);
    const run = newRun();
    await put(store, run, FAILED);
    await put(store, newRun(), SUCCEEDED);
    assert.equal(await alerts.failuresInARow(TENANT, null, 10), 0);
    for (const summary of [FAILED, CANCELLED, FAILED]) await put(store, newRun(), summary);
    await put(store, newRun({ workflowId: OTHER_WORKFLOW }), SUCCEEDED);
    const counts = [
      alerts.failuresInARow(TENANT, run.workflowId, 10),
      alerts.failuresInARow(TENANT, run.workflowId, 1),
      alerts.failuresInARow(TENANT, null, 10),
      alerts.failuresInARow(OTHER_TENANT, run.workflowId, 10),
    ];
    assert.deepEqual(await Promise.all(counts), [2, 1, 0, 0]);
  });

  check("the last activity is that of the newest run that is no draft's", async ({ store }) => {
    assert.equal(await store.alerts.lastAcceptedAt(TENANT, null), null);
    const run = newRun({ acceptedAt: AT + 7 });
    await put(store, run, SUCCEEDED);
    await put(store, newRun({ acceptedAt: AT + 9, version: "draft-3" }), SUCCEEDED);
    await put(store, newRun({ acceptedAt: AT + 8, workflowId: OTHER_WORKFLOW }), SUCCEEDED);
    const seen = [null, run.workflowId].map((id) => store.alerts.lastAcceptedAt(TENANT, id));
    assert.deepEqual(await Promise.all(seen), [AT + 8, AT + 7]);
    assert.equal(await store.alerts.lastAcceptedAt(OTHER_TENANT, null), null);
  });

  check("deliveries fail that were given up, or are due again; those of alerts do not count", async ({ store }) => {
    const run = newRun();
    const hook = (path: string) => ({ method: "POST", url: `https://hooks.example.com/${path}`, headers: {} });
    await store.runs.accept(TENANT, run, [accepted(run), finished()], SUCCEEDED, { webhooks: [hook("a"), hook("b"), hook("c")] });
    const attempt = {
      tries: 0,
      startedAt: AT,
      endedAt: AT + 50,
      request: { method: "POST", url: "", headers: {} },
      response: null,
      error: null,
    };
    const failing = (since: number, workflowId: string | null = null) => store.alerts.failingDeliveries(TENANT, workflowId, since);
    assert.equal(await failing(0), 0);
    const key = (ordinal: number) => ({ tenantId: TENANT, runId: run.id, ordinal });
    await store.webhooks.record(key(0), attempt, { state: "failed" });
    await store.webhooks.record(key(1), attempt, { state: "due", dueAt: AT + HOUR_MS });
    await store.alerts.create(TENANT, alert());
    await store.alerts.settle(TENANT, alert(), FIRING, told());
    await store.webhooks.record({ ...key(0), runId: EVENT_ID }, attempt, { state: "failed" });
    const counts = [failing(AT + 50), failing(AT + 51), failing(0, run.workflowId), failing(0, OTHER_WORKFLOW)];
    assert.deepEqual(await Promise.all(counts), [2, 1, 2, 0]);
    assert.equal(await store.alerts.failingDeliveries(OTHER_TENANT, null, 0), 0);
  });
}
