import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AuditView } from "@millrace/contract";
import { Browser, join, PASSWORD, setUpOwner, tokenOf } from "#testing/browser";
import { MovableClock } from "#testing/clock";
import { keptTexts } from "#testing/kept-data";
import { startTestServer, type TestServer } from "#testing/server";
import { ofOneServer } from "#testing/store-database";
import { echo } from "#testing/workflows";

const DAY_MS = 86_400_000;

let server: TestServer;
let owner: Browser;
const clock = new MovableClock();
before(async () => {
  server = await startTestServer({ surroundings: { clock }, settings: { trustedProxies: "127.0.0.1", auditRetentionDays: "10" } });
  await server.publish(echo);
  owner = await setUpOwner(server);
});
after(() => server.close());

async function log(query = ""): Promise<AuditView[]> {
  return (await owner.call("GET", `/api/v1/audit?limit=100${query}`)).json["data"] as unknown as AuditView[];
}

test("what a session or a key changes is written down: by whom, to what, from where, with what result", async () => {
  const headers = { "X-Forwarded-For": "198.51.100.4", "X-Request-Id": "req_audit" };
  await owner.call("PATCH", "/api/v1/workflows/echo", { body: { apiEnabled: true }, headers });
  await owner.call("DELETE", "/api/v1/workflows/absent");
  const { key, row } = await server.app.apiKeys.create("default", { scopes: ["admin"], role: "viewer", name: "watcher" });
  await server.call("POST", "/api/v1/deploy", { key, body: { document: echo } });
  const [refused, failed, done] = await log();
  const { at, id: _, actor, ...entry } = done ?? assert.fail();
  assert.ok(Math.abs(at - clock.now()) < 60_000);
  assert.deepEqual([actor.kind, actor.name], ["member", "owner@example.com"]);
  const targets = { workflow: "echo" };
  assert.deepEqual(entry, {
    action: "updateWorkflow",
    targets,
    address: "198.51.100.4",
    status: 200,
    result: "done",
    requestId: "req_audit",
  });
  assert.deepEqual(
    [failed?.action, failed?.targets, failed?.status, failed?.result],
    ["deleteWorkflow", { workflow: "absent" }, 404, "refused"],
  );
  assert.deepEqual([refused?.action, refused?.actor, refused?.status], ["deploy", { kind: "key", id: row.id, name: "watcher" }, 403]);
});

test("reading is not written down, but for a secret that is shown", async () => {
  const before = (await log()).length;
  for (const path of ["/workflows", "/runs", "/keys", "/members", "/whoami"]) await owner.call("GET", `/api/v1${path}`);
  await owner.call("POST", "/api/v1/validate", { body: { document: echo } });
  assert.equal((await log()).length, before);
  await owner.call("GET", "/api/v1/workflows/echo/webhook-secret");
  assert.deepEqual((await log())[0]?.action, "getWebhookSecret");
});

test("sign-ins are written down, failed ones of an account too; of nobody nothing is", async () => {
  const before = (await log()).length;
  await new Browser(server).signIn("owner@example.com");
  await new Browser(server).signIn("owner@example.com", "a wrong sentence");
  await new Browser(server).signIn("nobody@example.com");
  await new Browser(server).signIn("a long sentence of a test");
  await server.call("DELETE", "/api/v1/workflows/echo", { key: "mr_wrong" });
  await server.call("DELETE", "/api/v1/workflows/echo");
  // A refused one is written beside its answer, and this one after it.
  await owner.call("DELETE", "/api/v1/workflows/absent");
  const entries = (await log()).slice(1, -before);
  assert.deepEqual(
    entries.map(({ action, result, actor }) => [action, result, actor.name]),
    [
      ["signIn", "refused", "owner@example.com"],
      ["signIn", "done", "owner@example.com"],
    ],
  );
});

test("whoever is told to wait fills no log", ofOneServer, async () => {
  const email = "guessed@team.example";
  await join(server, owner, email, "viewer");
  const before = (await log("&result=refused")).length;
  const guesses = Array.from({ length: 15 }, () => new Browser(server).signIn(email, "a wrong sentence"));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 429).length, 5);
  await owner.call("DELETE", "/api/v1/workflows/absent");
  assert.equal((await log("&result=refused")).length, before + 10 + 1);
});

test("filters and pages", async () => {
  const all = await log();
  const first = (await owner.call("GET", "/api/v1/audit?limit=2")).json as { data: AuditView[]; nextCursor: string };
  const next = (await owner.call("GET", `/api/v1/audit?limit=2&cursor=${first.nextCursor}`)).json as { data: AuditView[] };
  assert.deepEqual([...first.data, ...next.data], all.slice(0, 4));
  const ofKey = await log("&action=deploy");
  assert.deepEqual([ofKey.length, await log(`&actor=${ofKey[0]?.actor.id}`)], [1, ofKey]);
  assert.ok((await log("&target=absent")).every(({ targets }) => targets["workflow"] === "absent"));
  assert.equal((await log("&result=failed")).length, 0);
  assert.equal((await owner.call("GET", "/api/v1/audit?cursor=x")).status, 400);
  assert.equal((await owner.call("GET", "/api/v1/audit?result=maybe")).status, 400);
});

test("no secret is in the log, nor anywhere else in the data directory", async () => {
  const invited = (await owner.call("POST", "/api/v1/invitations", { body: { email: "x@team.example", role: "viewer" } })).json;
  const made = (await owner.call("POST", "/api/v1/keys", { body: { workflows: [], scopes: ["admin"] } })).json;
  const rotated = (await owner.call("POST", `/api/v1/keys/${made["id"]}/rotate`, { body: {} })).json;
  const link = (await server.call("POST", "/api/v1/sign-in-links", { key: String(rotated["key"]) })).json;
  await owner.call("PUT", "/api/v1/password", { body: { current: "a wrong sentence", password: "another long sentence" } });
  const member = await join(server, owner, "y@team.example", "viewer");
  const cookie = (browser: Browser) => browser.cookie.split("=")[1] ?? "";
  const tokens = [tokenOf(String(invited["url"])), tokenOf(String(link["url"])), cookie(owner), cookie(member)];
  const secrets = [PASSWORD, "a wrong sentence", "another long sentence", String(made["key"]), String(rotated["key"]), ...tokens];
  for (const secret of secrets) assert.ok(secret.length > 10);
  const text = JSON.stringify(await log());
  const bytes = (await keptTexts(server.dataDir)).map(({ text }) => text).join("");
  // PostgreSQL has nothing in this directory but what the server keeps beside it.
  assert.equal(bytes.length > 10_000, server.app.store.shared === null);
  for (const secret of secrets) assert.deepEqual([text.includes(secret), bytes.includes(secret)], [false, false], secret);
});

test("what a deed makes or sets is named, also where its path names nothing", async () => {
  const target = async (action: string) => (await log(`&action=${action}`))[0]?.targets ?? assert.fail(action);
  const made = async (method: string, path: string, body: object) => {
    const { status, json, text } = await owner.call(method, `/api/v1${path}`, { body });
    assert.ok(status < 300, text);
    return json;
  };
  const [workflow] = (await made("POST", "/deploy", { document: { ...echo, name: "told" }, publish: true }))["workflows"] as [
    { id: string },
  ];
  assert.deepEqual(await target("deploy"), { workflow: workflow.id, name: "told" });
  await owner.call("POST", "/api/v1/deploy", { body: { document: { ...echo, name: "faulty", nodes: {} }, publish: true } });
  assert.deepEqual(await target("deploy"), { name: "faulty" });
  const { id } = await made("POST", "/workflows", { document: { ...echo, name: "made" } });
  assert.deepEqual(await target("createWorkflow"), { workflow: id, name: "made" });
  await made("POST", "/workflows/made/publish", {});
  assert.deepEqual(await target("publish"), { workflow: "made", version: "1.0.0" });
  await made("POST", "/workflows/made/promote", { version: "1.0.0" });
  assert.deepEqual(await target("promote"), { workflow: "made", version: "1.0.0" });
  const alert = await made("POST", "/alerts", { kind: "error_count", channel: { kind: "webhook", url: "https://hooks.example.com/x" } });
  assert.deepEqual(await target("createAlert"), { alert: alert["id"] });
  const budget = await made("PUT", "/budgets", { workflow: "made", period: "month", credits: "5" });
  assert.deepEqual(await target("putBudget"), { workflow: id, budget: budget["id"] });
  const schedule = await made("POST", "/schedules", { workflow: "made", cron: "0 8 * * *", input: { value: 1 } });
  assert.deepEqual(await target("createSchedule"), { workflow: id, schedule: schedule["id"] });
  const hook = await made("POST", "/hooks", { workflow: "made" });
  assert.deepEqual(await target("createHook"), { workflow: id, hook: hook["id"] });
  const job = await made("POST", "/bulk-jobs", { action: "replay", filter: { status: "FAILED" } });
  assert.deepEqual(await target("createBulkJob"), { job: job["id"] });
  await made("POST", "/webhooks/recover", { since: 0, workflow: "made" });
  assert.deepEqual(await target("recoverDeliveries"), { workflow: "made" });
  const run = await made("POST", "/workflows/made/draft/runs", { input: { value: 1 } });
  assert.deepEqual(await target("runDraft"), { workflow: "made", started: run["workflowRunId"] });
});

test("the log is kept for its days, and no longer", async () => {
  const before = (await log()).length;
  assert.ok(before > 5);
  clock.forward(9 * DAY_MS);
  await owner.signIn("owner@example.com");
  assert.equal((await log()).length, before + 1);
  clock.forward(DAY_MS + 3_600_000);
  await owner.signIn("owner@example.com");
  const entries = async () => (await log()).map(({ action }) => action);
  for (let tries = 0; tries < 100 && (await entries()).length > 2; tries++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await entries(), ["signIn", "signIn"]);
});
