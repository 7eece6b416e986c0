import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { AlertKind, AlertMessage, AlertView, BudgetView, CreateAlertBody, DeliveryView, WebhookSecretView } from "@millrace/contract";
import { ALERT_KIND_FACTS, LIMITS } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import type { Received } from "#testing/receiver";
import { echo } from "#testing/workflows";
import { signatures } from "#webhooks/signature";
import { verifies } from "#webhooks/testing/verifies";
import { spend } from "../usage/harness.ts";
import { type AlertWorld, HOUR_MS, MINUTE_MS, NOW, openAlertWorld } from "./harness.ts";

// Alert rules, through the front door, on the test's clock.

let world: AlertWorld;
let workflow: string;

beforeEach(async () => {
  world = await openAlertWorld();
  workflow = (await world.server.publish(echo)).id;
});
afterEach(() => world.close());

interface Case {
  readonly rule: Omit<CreateAlertBody, "channel">;
  /** Brings about what the rule tells of. */
  seed(): Promise<unknown>;
  readonly figure: number;
  readonly text: RegExp;
  /** Ends it. */
  mend(): Promise<unknown>;
}

const runs = async (count: number, status: "SUCCEED" | "FAILED", tookMs = 1_000, endedAt = world.clock.now()) => {
  for (let at = 0; at < count; at++) await world.ended({ status, endedAt, tookMs, run: { workflowId: workflow } });
};
const later = async (ms: number) => world.clock.moveTo(world.clock.now() + ms);
const paid = (credits: string) =>
  spend(world.server.app.store, {
    run: { workflowId: workflow, acceptedAt: world.clock.now() - 2_000 },
    usage: [{ kind: "chat", model: "openai/small", inputTokens: 1, outputTokens: 1, credits }],
  });

/** Deliveries of a run whose first attempt the receiver refuses. */
async function failingDelivery(): Promise<void> {
  const { server, receiver } = world;
  receiver.answer("/runs", (response) => void response.writeHead(500).end());
  const { json: made } = await world.manage("POST", "/api/v1/keys", { workflows: [workflow] });
  const webhook = [{ method: "POST", url: receiver.url("/runs") }];
  const { json } = await server.invoke(String(made["key"]), { input: { text: "a", count: 1 }, isAsync: true, webhook });
  const key = { tenantId: DEFAULT_TENANT, runId: String(json["workflowRunId"]), ordinal: 0 };
  await new Promise<void>((resolve) => {
    const look = async () => ((await server.app.store.webhooks.get(key))?.attempts ?? 0) > 0 && resolve();
    server.app.store.watch(({ kind }) => kind === "delivery" && void look());
    void look();
  });
}

const CASES: { readonly [K in AlertKind]: Case } = {
  consecutive_failures: {
    rule: { kind: "consecutive_failures", threshold: 3 },
    seed: () => runs(3, "FAILED"),
    figure: 3,
    text: /^The last 3 runs of echo failed in a row \(alert from 3 runs\)\.$/,
    mend: () => runs(1, "SUCCEED"),
  },
  failure_rate: {
    rule: { kind: "failure_rate", threshold: 20 },
    seed: async () => [await runs(3, "SUCCEED"), await runs(2, "FAILED")],
    figure: 40,
    text: /^40 % of the runs of echo failed within 1 h \(alert above 20 %\)\.$/,
    mend: () => runs(10, "SUCCEED"),
  },
  error_count: {
    rule: { kind: "error_count", threshold: 2, windowS: 600 },
    seed: () => runs(2, "FAILED"),
    figure: 2,
    text: /^2 runs of echo failed within 10 min \(alert from 2 runs\)\.$/,
    mend: () => later(11 * MINUTE_MS),
  },
  latency_threshold: {
    rule: { kind: "latency_threshold", threshold: 2_000 },
    seed: async () => [await runs(4, "SUCCEED", 100), await runs(1, "SUCCEED", 4_000)],
    figure: 4_000,
    text: /^The 95th percentile of echo took (3\.9|4) s within 1 h \(alert above 2 s\)\.$/,
    mend: () => runs(50, "SUCCEED", 100),
  },
  latency_spike: {
    rule: { kind: "latency_spike", threshold: 3 },
    seed: async () => [await runs(5, "SUCCEED", 100, NOW - 3 * HOUR_MS), await runs(5, "SUCCEED", 800)],
    figure: 8,
    text: /^The 95th percentile of echo took (7\.9\d|8|8\.0\d) times as long within 1 h as in the day before \(alert above 3 times\)\.$/,
    mend: () => runs(200, "SUCCEED", 100),
  },
  cost_threshold: {
    rule: { kind: "cost_threshold", threshold: 10, windowS: 3_600 },
    seed: () => paid("12.5"),
    figure: 12.5,
    text: /^echo cost 12\.5 credits within 1 h \(alert above 10 credits\)\.$/,
    mend: () => later(2 * HOUR_MS),
  },
  no_activity: {
    rule: { kind: "no_activity", windowS: 7_200 },
    seed: () => later(3 * HOUR_MS),
    figure: 3 * HOUR_MS + 30_000,
    text: /^The last run of echo was 3 h ago \(alert after 2 h\)\.$/,
    mend: () => runs(1, "SUCCEED"),
  },
  webhook_failing: {
    rule: { kind: "webhook_failing" },
    seed: failingDelivery,
    figure: 1,
    text: /^Failing webhooks of echo: 1 \(alert from 1\)\.$/,
    mend: async () => {
      const { json } = await world.manage("GET", "/api/v1/webhooks/deliveries?state=due");
      const [{ id } = { id: "" }] = json["data"] as { id: string }[];
      world.receiver.answer("/runs", (response) => void response.end("ok"));
      await world.manage("POST", `/api/v1/webhooks/deliveries/${id}/resend`);
      await world.received("/runs", 2);
      for (;;) if ((await world.manage("GET", `/api/v1/webhooks/deliveries/${id}`)).json["state"] === "delivered") return;
    },
  },
  budget: {
    rule: { kind: "budget", threshold: 80 },
    seed: async () => [await world.manage("PUT", "/api/v1/budgets", { period: "total", credits: "10" }), await paid("8.5")],
    figure: 85,
    text: /^85 % of the budget are used up \(alert from 80 %\)\.$/,
    mend: () => world.manage("PUT", "/api/v1/budgets", { period: "total", credits: "100" }),
  },
};

/** By the secret of alerts, whatever the time: the library of the standard knows only that of the machine. */
async function isSigned(sent: Received | undefined): Promise<void> {
  const { secret } = (await world.manage("GET", "/api/v1/alerts/secret")).json as unknown as WebhookSecretView;
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = sent?.headers ?? {};
  assert.equal(signature, signatures([secret], String(id), Number(at), sent?.body ?? ""));
}

const close = (seen: number | undefined, wanted: number) => seen !== undefined && Math.abs(seen - wanted) <= wanted * 0.012;

for (const [kind, { rule, seed, figure, text, mend }] of Object.entries(CASES)) {
  test(`C48: ${kind} fires once, is quiet, recovers, and what it tells arrives signed`, async () => {
    const made = await world.rule(kind === "budget" ? rule : { ...rule, workflow: "echo" });
    assert.equal((await world.look(made.id)).state, "ok");
    await seed();
    const firing = await world.look(made.id);
    assert.equal(firing.state, "firing");
    assert.ok((firing.firedAt ?? 0) > NOW);
    assert.ok(close(firing.figures.at(-1) ?? undefined, figure), `${String(firing.figures.at(-1))} is about ${figure}`);
    const [sent] = await world.received("/ops", 1);
    const message = JSON.parse(sent?.body ?? "") as AlertMessage;
    assert.deepEqual([message.type, message.test, message.alert.kind, message.alert.id], ["alert.fired", false, kind, made.id]);
    assert.match(message.text, text);
    await isSigned(sent);
    // It goes on, and nothing more is told.
    for (let looks = 0; looks < 3; looks++) assert.equal((await world.look(made.id)).state, "firing");
    assert.equal((await world.events(made.id)).length, 1);
    await mend();
    assert.equal((await world.look(made.id)).state, "ok");
    const [, recovered] = await world.received("/ops", 2);
    assert.equal((JSON.parse(recovered?.body ?? "") as AlertMessage).type, "alert.recovered");
    assert.deepEqual(
      (await world.events(made.id)).map(({ type }) => type),
      ["recovered", "fired"],
    );
  });
}

test("C48: within the quiet period a rule does not fire again, and after it does", async () => {
  const made = await world.rule({ kind: "consecutive_failures", threshold: 1, workflow, quietS: 600 });
  const states = async () => (await world.events(made.id)).map(({ type }) => type).reverse();
  await runs(1, "FAILED");
  await world.look(made.id);
  await runs(1, "SUCCEED");
  await world.look(made.id);
  await runs(1, "FAILED");
  assert.equal((await world.look(made.id, 8 * MINUTE_MS)).state, "ok", "it is quiet");
  assert.deepEqual(await states(), ["fired", "recovered"]);
  assert.equal((await world.look(made.id, 2 * MINUTE_MS)).state, "firing");
  assert.deepEqual(await states(), ["fired", "recovered", "fired"]);
});

test("rates and percentiles of fewer than five runs say nothing", async () => {
  const made = await world.rule({ kind: "failure_rate", threshold: 0, workflow });
  await runs(LIMITS.alertLeastRuns.value - 1, "FAILED");
  const seen = await world.look(made.id);
  assert.deepEqual([seen.state, seen.figures.at(-1)], ["ok", null]);
  await runs(1, "FAILED");
  assert.deepEqual((await world.look(made.id)).figures.at(-1), 100);
});

test("a rule is of its workflow, or of all together; what somebody cancelled is no failure", async () => {
  const mine = await world.rule({ kind: "error_count", threshold: 1, workflow });
  const all = await world.rule({ kind: "error_count", threshold: 1 }, "/all");
  await world.ended({ status: "FAILED", endedAt: NOW, errorType: "cancelled", run: { workflowId: workflow } });
  assert.deepEqual([(await world.look(mine.id)).state, (await world.look(all.id)).state], ["ok", "ok"]);
  await world.ended({ status: "FAILED", endedAt: NOW });
  assert.deepEqual([(await world.look(mine.id)).state, (await world.look(all.id)).state], ["ok", "firing"]);
});

test("C48: Test sends a marked event, signed, and says what came of it; nothing of it is kept", async () => {
  const made = await world.rule({ kind: "failure_rate", workflow, name: "night watch" });
  const { json } = await world.manage("POST", `/api/v1/alerts/${made.id}/test`);
  assert.equal(json["delivered"], true);
  const [sent] = world.receiver.at("/ops");
  const message = JSON.parse(sent?.body ?? "") as AlertMessage;
  assert.deepEqual([message.test, message.type, message.alert.name], [true, "alert.fired", "night watch"]);
  assert.equal(message.text, "This is a test of the alert “night watch”. Nothing has happened.");
  const { secret } = (await world.manage("GET", "/api/v1/alerts/secret")).json as unknown as WebhookSecretView;
  assert.equal(verifies(secret, sent?.body ?? "", sent?.headers ?? {}), true);
  assert.deepEqual(await world.events(made.id), []);
  world.receiver.answer("/ops", (response) => void response.writeHead(503).end("away"));
  const refused = (await world.manage("POST", `/api/v1/alerts/${made.id}/test`)).json as { delivered: boolean; response: object };
  assert.deepEqual([refused.delivered, refused.response], [false, { ...refused.response, status: 503, body: "away" }]);
});

test("Slack is told a sentence; a delivery that failed is tried again, and is in the list of deliveries", async () => {
  const channel = { kind: "slack", url: world.receiver.url("/slack") };
  const { json } = await world.manage("POST", "/api/v1/alerts", { kind: "error_count", threshold: 1, workflow, channel });
  const { id } = json as unknown as AlertView;
  world.receiver.answer("/slack", (response, nth) => void response.writeHead(nth === 0 ? 500 : 200).end());
  await runs(1, "FAILED");
  await world.look(id);
  const [sent] = await world.received("/slack", 1);
  assert.deepEqual(JSON.parse(sent?.body ?? ""), { text: "Millrace: 1 run of echo failed within 1 h (alert from 1 run)." });
  const [event] = await world.events(id);
  const delivery = async () =>
    (await world.manage("GET", `/api/v1/webhooks/deliveries/${event?.deliveryId}`)).json as unknown as DeliveryView;
  while ((await delivery()).state !== "due" || (await delivery()).attemptCount === 0);
  world.clock.moveTo(world.clock.now() + 6_000);
  const [, again] = await world.received("/slack", 2);
  assert.equal(again?.headers["webhook-id"], event?.deliveryId);
  while ((await delivery()).state !== "delivered");
  const { alertId, runId, workflowId } = await delivery();
  assert.deepEqual([alertId, runId, workflowId], [id, undefined, undefined]);
  const { json: list } = await world.manage("GET", "/api/v1/webhooks/deliveries");
  assert.equal((list["data"] as unknown[]).length, 1);
});

test("a rule tells in the language of whoever makes it, until another is chosen", async () => {
  const channel = { kind: "slack", url: world.receiver.url("/words") };
  const body = { kind: "error_count", threshold: 1, workflow, channel };
  const key = world.admin;
  const { json } = await world.server.call("POST", "/api/v1/alerts", { key, body, headers: { "Accept-Language": "ja" } });
  assert.equal(json["language"], "ja");
  await runs(1, "FAILED");
  await world.look(String(json["id"]));
  const [sent] = await world.received("/words", 1);
  assert.deepEqual(JSON.parse(sent?.body ?? ""), {
    text: "Millrace: echo の 1 件の実行が 1 時間以内に失敗しました（1 件の実行以上でアラート）。",
  });
  const changed = await world.manage("PATCH", `/api/v1/alerts/${String(json["id"])}`, { language: "zh-TW" });
  assert.equal(changed.json["language"], "zh-TW");
  await world.manage("POST", `/api/v1/alerts/${String(json["id"])}/test`);
  const [, tested] = await world.received("/words", 2);
  assert.match(tested?.body ?? "", /這是告警/);
});

test("a rotated secret signs beside the one before; an endpoint that is gone can be enabled again", async () => {
  const made = await world.rule({ kind: "error_count", threshold: 1, workflow, quietS: 0 });
  const before = (await world.manage("GET", "/api/v1/alerts/secret")).json["secret"];
  const after = (await world.manage("POST", "/api/v1/alerts/secret/rotate")).json["secret"];
  await world.manage("POST", `/api/v1/alerts/${made.id}/test`);
  const [sent] = world.receiver.at("/ops");
  for (const secret of [before, after]) assert.equal(verifies(String(secret), sent?.body ?? "", sent?.headers ?? {}), true);
  world.receiver.answer("/ops", (response) => void response.writeHead(410).end());
  await runs(1, "FAILED");
  await world.look(made.id);
  const disabled = async () => (await world.manage("GET", "/api/v1/webhooks/disabled-endpoints")).json["data"] as object[];
  while ((await disabled()).length === 0);
  const url = world.receiver.url("/ops");
  assert.deepEqual(await disabled(), [{ method: "POST", url, disabledAt: world.clock.now() }]);
  assert.equal((await world.manage("POST", "/api/v1/webhooks/disabled-endpoints/enable", { method: "POST", url })).status, 204);
});

test("a rule is changed, paused and deleted; a paused one is not looked at", async () => {
  const made = await world.rule({ kind: "error_count", threshold: 1, workflow });
  const { quietS, windowS, enabled, state } = made;
  assert.deepEqual([quietS, windowS, enabled, state], [3_600, 3_600, true, "ok"]);
  const { json } = await world.manage("PATCH", `/api/v1/alerts/${made.id}`, {
    enabled: false,
    threshold: 5,
    windowS: 60,
    name: "x",
    quietS: 0,
  });
  assert.deepEqual([json["enabled"], json["threshold"], json["windowS"], json["name"], json["quietS"]], [false, 5, 60, "x", 0]);
  world.clock.moveTo(world.clock.now() + 1_000);
  const other = await world.rule({ kind: "no_activity" });
  await world.look(other.id);
  assert.deepEqual((await world.manage("GET", `/api/v1/alerts/${made.id}`)).json["figures"], []);
  assert.deepEqual(
    ((await world.manage("GET", "/api/v1/alerts")).json["data"] as AlertView[]).map(({ id }) => id),
    [made.id, other.id],
  );
  assert.equal((await world.manage("DELETE", `/api/v1/alerts/${made.id}`)).status, 204);
  for (const [method, path] of [
    ["GET", ""],
    ["PATCH", ""],
    ["DELETE", ""],
    ["POST", "/test"],
  ] as const) {
    const { status, json: body } = await world.manage(method, `/api/v1/alerts/${made.id}${path}`, method === "PATCH" ? {} : undefined);
    assert.deepEqual([status, body["message"]], [404, "No such alert."], method);
  }
});

test("what makes no rule is refused with its place", async () => {
  const channel = { kind: "webhook", url: world.receiver.url("/ops") };
  const refused = async (body: object) => {
    const { status, json } = await world.manage("POST", "/api/v1/alerts", { channel, ...body });
    return [status, (json["errors"] as { path: string }[] | undefined)?.[0]?.path];
  };
  const budget = (await world.manage("PUT", "/api/v1/budgets", { period: "total", credits: "1" })).json as unknown as BudgetView;
  assert.deepEqual(await refused({ kind: "colour" }), [400, "/kind"]);
  assert.deepEqual(await refused({ kind: "no_activity", threshold: 1 }), [400, "/threshold"]);
  assert.deepEqual(await refused({ kind: "budget", windowS: 60 }), [400, "/windowS"]);
  assert.deepEqual(await refused({ kind: "budget", workflow }), [400, "/workflow"]);
  assert.deepEqual(await refused({ kind: "error_count", budget: budget.id }), [400, "/budget"]);
  assert.deepEqual(await refused({ kind: "budget", budget: "0123456789abcdef01234567" }), [404, undefined]);
  assert.deepEqual(await refused({ kind: "error_count", workflow: "absent" }), [404, undefined]);
  assert.deepEqual(await refused({ kind: "error_count", windowS: 59 }), [400, "/windowS"]);
  assert.deepEqual(await refused({ kind: "error_count", quietS: LIMITS.alertQuiet.value / 1_000 + 1 }), [400, "/quietS"]);
  assert.deepEqual(await refused({ kind: "error_count", channel: { kind: "webhook", url: "ftp://x" } }), [400, "/channel/url"]);
  assert.deepEqual(await refused({ kind: "error_count", channel: { kind: "webhook", url: "http://10.0.0.1/" } }), [400, "/channel/url"]);
  const hostile = { kind: "error_count", channel: { kind: "webhook", url: "http://10.0.0.1/" } };
  const { json } = await world.manage("POST", "/api/v1/alerts", hostile);
  assert.match(String(json["message"]), /^url: this server may not call that host\. .*MILLRACE_EGRESS_ALLOW/);
  for (const [kind, { least, most, compares, windowS }] of Object.entries(ALERT_KIND_FACTS)) {
    if (compares !== "window") {
      assert.deepEqual(await refused({ kind, threshold: least - 0.5 }), [400, "/threshold"], kind);
      assert.deepEqual(await refused({ kind, threshold: most + 1 }), [400, "/threshold"], kind);
      assert.equal((await refused({ kind, threshold: least }))[0], 201, kind);
      assert.equal((await refused({ kind, threshold: most }))[0], 201, kind);
    }
    if (windowS) {
      assert.deepEqual(await refused({ kind, windowS: windowS.most + 1 }), [400, "/windowS"], kind);
      assert.equal((await refused({ kind, windowS: windowS.most }))[0], 201, kind);
    }
  }
});

test(`there are ${LIMITS.alerts.value} rules at most`, async () => {
  const body = { kind: "no_activity" } as const;
  for (let at = 0; at < LIMITS.alerts.value; at++) await world.rule(body);
  await assert.rejects(world.rule(body), /There are 100 alerts, the most that are kept: delete some\./);
});
