import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BudgetView, UsageReport } from "@millrace/contract";
import type { Usage } from "@millrace/engine";
import { startTestServer, type TestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";
import { echo } from "#testing/workflows";
import { spend } from "./harness.ts";

// Usage and budgets, through the front door.

const AT = Date.UTC(2026, 10, 27, 12);
const HOUR_MS = 3_600_000;
const CHAT: Usage = { kind: "chat", model: "openai/small", inputTokens: 100, outputTokens: 20, cachedTokens: 7, credits: "0.0125" };
const RERANK: Usage = { kind: "rerank", inputTokens: 3, outputTokens: 0, credits: "0.000000000001" };

let server: TestServer;
let admin: string;
let workflow: { id: string; key: string };
let keyId: string;
const clock = standingClock(AT);

before(async () => {
  server = await startTestServer({ surroundings: { clock } });
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
  workflow = await server.publish(echo);
  const { json } = await server.call("GET", "/api/v1/keys", { key: admin });
  keyId = (json["data"] as { id: string; workflows: unknown[] }[]).find(({ workflows }) => workflows.length === 1)?.id ?? "";
  const of = { workflowId: workflow.id, workflowName: "echo", keyId };
  const { store } = server.app;
  await spend(store, { run: { ...of, acceptedAt: AT - 2 * HOUR_MS, userId: "ada" }, usage: [CHAT, RERANK] });
  await spend(store, { run: { ...of, acceptedAt: AT - 20 * HOUR_MS, userId: "=cmd" }, usage: [CHAT, { ...CHAT, runId: "called" }] });
});
after(() => server.close());

const manage = (method: string, path: string, body?: object, headers = {}) =>
  server.call(method, path, { key: admin, headers, ...(body && { body }) });

test("usage by each group adds up to the same total; what a called run paid is not counted again", async () => {
  for (const by of ["workflow", "version", "key", "user", "model", "kind", "day"]) {
    const { status, text } = await manage("GET", `/api/v1/usage?by=${by}`);
    assert.equal(status, 200, text);
    const report = JSON.parse(text) as UsageReport;
    assert.deepEqual([report.by, report.total.requests, report.total.credits, report.total.cachedTokens], [by, 3, "0.025000000001", 14]);
    assert.equal(
      report.data.reduce((sum, { requests }) => sum + requests, 0),
      3,
      by,
    );
  }
  const { json } = await manage("GET", "/api/v1/usage?by=workflow");
  const [row] = json["data"] as UsageReport["data"];
  assert.deepEqual([row?.value, row?.name, row?.inputTokens, row?.credits], [workflow.id, "echo", 203, "0.025000000001"]);
});

test("days are those of the zone that is asked for, and a period is of whole quarters of an hour", async () => {
  const days = async (query: string) =>
    ((await manage("GET", `/api/v1/usage?by=day${query}`)).json["data"] as UsageReport["data"]).map(({ value, requests }) => [
      value,
      requests,
    ]);
  assert.deepEqual(await days(""), [
    ["2026-11-26", 1],
    ["2026-11-27", 2],
  ]);
  assert.deepEqual(await days("&timeZone=Asia/Tokyo"), [["2026-11-27", 3]]);
  assert.deepEqual(await days(`&from=${AT - 3 * HOUR_MS}`), [["2026-11-27", 2]]);
  const { json } = await manage("GET", `/api/v1/usage?from=${AT + 1}&to=${AT + 2}`);
  assert.deepEqual([json["from"], json["to"]], [AT, AT + HOUR_MS / 4]);
});

test("what runs of drafts paid is left out, unless it is asked for", async () => {
  const of = { workflowId: workflow.id, workflowName: "echo", version: "draft-0123456789abcdef", userId: "drafting" };
  await spend(server.app.store, { run: { ...of, acceptedAt: AT - 9 * HOUR_MS }, usage: [CHAT] });
  for (const by of ["workflow", "version", "key", "user", "model", "kind", "day"]) {
    const requests = async (drafts: string) =>
      ((await manage("GET", `/api/v1/usage?by=${by}${drafts}`)).json as unknown as UsageReport).total.requests;
    assert.deepEqual([await requests(""), await requests("&drafts=false"), await requests("&drafts=true")], [3, 3, 4], by);
  }
  const users = async (drafts: string) => (await manage("GET", `/api/v1/usage?by=user${drafts}`, undefined, { Accept: "text/csv" })).text;
  assert.deepEqual([(await users("")).includes("drafting"), (await users("&drafts=true")).includes("drafting")], [false, true]);
  assert.equal((await manage("GET", "/api/v1/usage?drafts=1")).status, 400);
});

test("what cannot be shown is refused with its place", async () => {
  for (const [query, path] of [
    ["by=colour", "/by"],
    ["timeZone=Nowhere", "/timeZone"],
    [`from=${AT + HOUR_MS}`, "/from"],
    [`from=0&to=${AT}`, "/from"],
    ["limit=1001", "/limit"],
    ["limit=0", "/limit"],
  ] as const) {
    const { status, json } = await manage("GET", `/api/v1/usage?${query}`);
    assert.deepEqual([status, (json["errors"] as { path: string }[])[0]?.path], [400, path], query);
  }
  assert.equal((await manage("GET", "/api/v1/usage?by=user&limit=1")).json["rows"], 2);
});

test("usage as CSV has the same numbers, and no formulas", async () => {
  const { text, headers } = await manage("GET", "/api/v1/usage?by=user&limit=1", undefined, { Accept: "text/csv" });
  assert.equal(headers["content-type"], "text/csv; charset=utf-8");
  const head = "user,name,requests,input_tokens,output_tokens,cached_tokens,reasoning_tokens,credits";
  assert.equal(text, `${head}\r\nada,,2,103,20,7,0,0.012500000001\r\n'=cmd,,1,100,20,7,0,0.0125\r\n`);
});

const put = async (body: object) => (await manage("PUT", "/api/v1/budgets", body)).json as unknown as BudgetView;
const invoke = (userId?: string) =>
  server.invoke(workflow.key, { input: { text: "a", count: 1 }, ...(userId !== undefined && { userId }) });

test("a budget shows what is spent and left, and when it begins anew", async () => {
  const budget = await put({ user: "ada", period: "day", timeZone: "Asia/Tokyo", credits: "1" });
  assert.deepEqual(
    [budget.of, budget.credits, budget.spent, budget.left],
    [{ kind: "user", id: "ada" }, "1", "0.012500000001", "0.987499999999"],
  );
  assert.equal(budget.resetsAt, Date.UTC(2026, 10, 27, 15));
  const again = await put({ user: "ada", period: "day", credits: "2" });
  assert.equal(again.id, budget.id);
  const { json } = await manage("GET", "/api/v1/budgets");
  assert.deepEqual(
    (json["data"] as BudgetView[]).map(({ credits }) => credits),
    ["2"],
  );
  assert.equal((await manage("DELETE", `/api/v1/budgets/${budget.id}`)).status, 204);
  assert.equal((await manage("DELETE", `/api/v1/budgets/${budget.id}`)).status, 404);
});

test("a budget of nobody, of two, or of what does not exist is refused", async () => {
  const refused = async (body: object) => {
    const { status, json } = await manage("PUT", "/api/v1/budgets", { period: "month", credits: "1", ...body });
    return [status, (json["errors"] as { path: string }[] | undefined)?.[0]?.path];
  };
  assert.deepEqual(await refused({ workflow: "absent" }), [404, undefined]);
  assert.deepEqual(await refused({ key: "0123456789abcdef01234567" }), [404, undefined]);
  assert.deepEqual(await refused({ workflow: "echo", user: "ada" }), [400, "/user"]);
  assert.deepEqual(await refused({ timeZone: "Nowhere" }), [400, "/timeZone"]);
  assert.deepEqual(await refused({ credits: "-1" }), [400, "/credits"]);
  assert.deepEqual(await refused({ credits: "0.0000000000001" }), [400, "/credits"]);
});

test("W14 a run whose budget is used up is refused with 402, in the caller's language, and leaves nothing behind", async () => {
  const budgets = [
    { period: "total", credits: "0.025" },
    { workflow: "echo", period: "month", credits: "0.025" },
    { key: keyId, period: "month", credits: "0.025" },
    { user: "ada", period: "day", credits: "0.0125" },
  ];
  const messages: unknown[] = [];
  const runs = await server.app.store.runs.count("default", { limit: 100 });
  for (const budget of budgets) {
    const { id } = await put(budget);
    const { status, json } = await invoke("ada");
    assert.deepEqual([status, json["code"], json["type"]], [402, 20_022, "/errors/out_of_credits"]);
    messages.push(json["message"]);
    await manage("DELETE", `/api/v1/budgets/${id}`);
  }
  assert.deepEqual(messages, [
    "The budget of this server is used up.",
    "The monthly budget of this workflow is used up.",
    "The monthly budget of this key is used up.",
    "The daily budget of this user is used up.",
  ]);
  assert.equal(await server.app.store.runs.count("default", { limit: 100 }), runs);
  assert.equal((await invoke("ada")).json["status"], "SUCCEED");
});

test("a budget bounds its own subject alone, and begins anew with its period", async () => {
  await put({ user: "ada", period: "day", credits: "0.0125" });
  assert.equal((await invoke("grace")).status, 200);
  assert.equal((await invoke()).status, 200);
  const refused = await server.call("POST", "/v1/workflow/invoke", {
    key: workflow.key,
    body: { input: { text: "a", count: 1 }, userId: "ada" },
    headers: { "Accept-Language": "ja" },
  });
  assert.deepEqual([refused.status, refused.json["message"]], [402, "このユーザーの今日の予算を使い切りました。"]);
  clock.moveTo(Date.UTC(2026, 10, 28));
  assert.equal((await invoke("ada")).status, 200);
});
