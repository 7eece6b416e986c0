import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Usage } from "@millrace/engine";
import { startTestServer, type TestServer } from "#testing/server";
import { echo, todayNews } from "#testing/workflows";
import { spend } from "./harness.ts";

// GET /v1/workflow/run/logs and GET /v1/account/workflow/run/credits, to the letter.

const AT = 1_790_000_000_000;
const DAY_MS = 86_400_000;
const CHAT: Usage = { kind: "chat", model: "openai/small", inputTokens: 700, outputTokens: 212, credits: "0.21125" };
const RERANK: Usage = { kind: "rerank", inputTokens: 0, outputTokens: 0, credits: "0.00004" };

let server: TestServer;
let workflow: { id: string; key: string };
let other: { id: string; key: string };
let account: string;
const runs: { [name: string]: string } = {};

before(async () => {
  server = await startTestServer();
  workflow = await server.publish(echo);
  other = await server.publish(todayNews);
  account = (await server.app.apiKeys.create("default", { workflows: [workflow.id, other.id] })).key;
  const { store } = server.app;
  const of = { workflowId: workflow.id, workflowName: "echo" };
  runs["first"] = await spend(store, { run: { ...of, acceptedAt: AT, userId: "u-204", version: "1.0.2" }, usage: [CHAT, RERANK] });
  runs["failed"] = await spend(store, { run: { ...of, acceptedAt: AT + 10_000 }, usage: [CHAT], status: "FAILED" });
  const byHand = { trigger: "manual", id: null } as const;
  runs["byHand"] = await spend(store, { run: { ...of, acceptedAt: AT + 20_000, origin: byHand }, usage: [] });
  const called = { trigger: "workflow", id: runs["first"] } as const;
  runs["called"] = await spend(store, { run: { ...of, acceptedAt: AT + 30_000, origin: called }, usage: [CHAT] });
  runs["draft"] = await spend(store, { run: { ...of, acceptedAt: AT + 40_000, version: "draft-0123abcd" }, usage: [CHAT] });
  runs["running"] = await spend(store, { run: { ...of, acceptedAt: AT + 50_000 }, usage: [CHAT], status: "RUNNING" });
  runs["others"] = await spend(store, { run: { workflowId: other.id, acceptedAt: AT + 60_000 }, usage: [RERANK] });
});
after(() => server.close());

const get = (path: string, key: string, query: { readonly [name: string]: string | number }) =>
  server.call(
    "GET",
    `${path}?${new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]))}`,
    { key },
  );
const logs = (query: { readonly [name: string]: string | number }, key = workflow.key) => get("/v1/workflow/run/logs", key, query);
const credits = (query: { readonly [name: string]: string | number }, key = account) => get("/v1/account/workflow/run/credits", key, query);
const ALL = { conversation_type: "ALL", start_time: AT, end_time: AT + DAY_MS, page: 1, page_size: 10 };
const PERIOD = { start_time: AT, end_time: AT + DAY_MS };

const idsOf = (answer: { json: object }, member: string) =>
  (answer.json as { list: { [name: string]: string }[] }).list.map((row) => row[member]);

test("W35 logs: the golden body, of ended runs, the newest first, none of drafts or of other workflows", async () => {
  const { status, text } = await logs({ ...ALL, conversation_type: "API", end_time: AT + 5_000 });
  assert.equal(status, 200, text);
  const row = `{"log_id":"${runs["first"]}","workflow_run_id":"${runs["first"]}","input":"{\\"name\\":\\"tides\\"}","output":"{\\"text\\":\\"done\\"}","user_id":"u-204","conversation_type":"API","status":"SUCCEED","workflow_version":"1.0.2","total_cost":0.2113,"total_tokens":912,"start_time":${AT + 1_000},"end_time":${AT + 1_500}}`;
  assert.equal(text, `{"list":[${row}],"total":1,"page":1,"page_size":10,"start_time":${AT},"end_time":${AT + 5_000}}`);
  const all = await logs(ALL);
  assert.deepEqual(
    idsOf(all, "workflow_run_id"),
    ["called", "byHand", "failed", "first"].map((name) => runs[name]),
  );
  const failed = (all.json["list"] as { [name: string]: unknown }[])[2];
  assert.deepEqual(
    [failed?.["status"], Object.hasOwn(failed ?? {}, "output"), Object.hasOwn(failed ?? {}, "user_id")],
    ["FAILED", false, false],
  );
});

test("logs: types, users, times and pages choose among them", async () => {
  const chosen = async (more: object) => idsOf(await logs({ ...ALL, ...more }), "log_id");
  assert.deepEqual(await chosen({ conversation_type: "API" }), [runs["failed"], runs["first"]]);
  assert.deepEqual(await chosen({ conversation_type: "C_WORKFLOW" }), [runs["byHand"]]);
  assert.deepEqual(await chosen({ conversation_type: "AGENT" }), [runs["called"]]);
  assert.deepEqual(await chosen({ conversation_type: "SHARE" }), []);
  assert.deepEqual(await chosen({ user_id: "u-204" }), [runs["first"]]);
  assert.deepEqual(await chosen({ start_time: AT + 1_000, end_time: AT + 1_000 }), [runs["first"]], "both ends are included");
  assert.deepEqual(await chosen({ start_time: AT + 1_001, end_time: AT + 11_000 }), [runs["failed"]]);
  const beyond = await logs({ ...ALL, page: 2 });
  assert.deepEqual([beyond.json["list"], beyond.json["total"], beyond.json["page"]], [[], 4, 2]);
});

test("logs: a run is found by when it began, however long before that it was accepted", async () => {
  const later = AT + 200 * DAY_MS;
  const run = { workflowId: workflow.id, acceptedAt: AT + DAY_MS };
  const late = await spend(server.app.store, { run, usage: [], startedAt: later });
  const times = { start_time: later - DAY_MS, end_time: later };
  const inTime = await spend(server.app.store, { run: { ...run, acceptedAt: later - 5_000 }, usage: [] });
  const onePage = await logs({ ...ALL, ...times });
  assert.deepEqual([idsOf(onePage, "log_id"), onePage.json["total"]], [[inTime, late], 2]);
  for (const [page, id] of [
    [1, inTime],
    [2, late],
    [3, undefined],
  ] as const) {
    const answer = await credits({ ...times, page, page_size: 1 }, workflow.key);
    assert.deepEqual([idsOf(answer, "run_id")[0], answer.json["total"]], [id, 2]);
  }
});

test("logs: all times are a period like any other", async () => {
  const { status, json } = await logs({ ...ALL, start_time: 0, end_time: 999_999_999_999_999 });
  assert.deepEqual([status, json["total"]], [200, 6]);
});

test("logs: what is missing or out of bounds is 400 with its place", async () => {
  const { page: _, ...withoutPage } = ALL;
  for (const [query, path] of [
    [withoutPage, ""],
    [{ ...ALL, page_size: 9 }, "/page_size"],
    [{ ...ALL, page_size: 101 }, "/page_size"],
    [{ ...ALL, page: 0 }, "/page"],
    [{ ...ALL, conversation_type: "OTHER" }, "/conversation_type"],
    [{ ...ALL, start_time: AT + 1, end_time: AT }, "/start_time"],
  ] as const) {
    const { status, json } = await logs(query);
    assert.equal(status, 400);
    assert.deepEqual([json["code"], (json["errors"] as { path: string }[])[0]?.path], [40_000, path]);
  }
});

test("credits: the golden body; each kind is rounded once, and the total is the run's", async () => {
  const { status, text } = await credits({ ...PERIOD, run_id: runs["first"] ?? "" });
  assert.equal(status, 200, text);
  const row = `{"run_id":"${runs["first"]}","run_start_time":${AT + 1_000},"chat":0.2113,"anonymization":0,"asr":0,"tts":0,"rerank":0,"database_processing":0,"tool_call":0,"knowledge_doc_indexing":0,"question_tag":0,"total":0.2113}`;
  assert.equal(text, `{"list":[${row}],"total":1,"page":1,"page_size":20,"start_time":${AT},"end_time":${AT + DAY_MS}}`);
});

test("W36 the total of a row is the totalCost of its run, and what a called run cost is in its caller's", async () => {
  const answer = await credits(PERIOD);
  const rows = answer.json["list"] as { run_id: string; total: number }[];
  assert.deepEqual(
    rows.map(({ run_id }) => run_id),
    ["others", "draft", "byHand", "failed", "first"].map((name) => runs[name]),
  );
  for (const { run_id, total } of rows) assert.equal(total, (await server.app.store.runs.get("default", null, run_id))?.totalCost, run_id);
  assert.deepEqual(idsOf(await credits({ ...PERIOD, run_id: runs["called"] ?? "" }), "run_id"), [runs["called"]]);
});

test("credits: pages, and the workflows of the key alone", async () => {
  assert.deepEqual(idsOf(await credits({ ...PERIOD, page: 2, page_size: 2 }), "run_id"), [runs["byHand"], runs["failed"]]);
  assert.deepEqual(idsOf(await credits(PERIOD, other.key), "run_id"), [runs["others"]]);
  assert.equal((await credits({ ...PERIOD, run_id: runs["first"] ?? "" }, other.key)).json["total"], 0);
});

test("credits: thirty days are not too many, and a millisecond more is", async () => {
  assert.equal((await credits({ start_time: AT, end_time: AT + 30 * DAY_MS })).status, 200);
  const { status, json } = await credits({ start_time: AT, end_time: AT + 30 * DAY_MS + 1 });
  assert.deepEqual([status, (json["errors"] as { path: string }[])[0]?.path], [400, "/end_time"]);
  assert.equal((await credits({ start_time: AT + 1, end_time: AT })).status, 400);
  for (const page_size of [0, 101]) assert.equal((await credits({ ...PERIOD, page_size })).status, 400);
});
