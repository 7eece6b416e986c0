import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, failing, start } from "#testing/workflows";

let server: TestServer;
let admin: string;
let echoKey: { id: string; key: string };
const ran: Record<string, string> = {};

before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
  echoKey = await server.publish(echo);
  for (const value of ["AI news", "ＡＩ ﾆｭｰｽ", "weather"]) {
    const { json } = await server.invoke(echoKey.key, { input: { value }, userId: "u-1" });
    ran[value] = String(json["workflowRunId"]);
  }
  const { key } = await server.publish(failing);
  for (let count = 0; count < 2; count++) ran["failed"] = String((await server.invoke(key, { input: {} })).json["workflowRunId"]);
});
after(() => server.close());

const get = async (path: string): Promise<JsonObject> => (await server.call("GET", path, { key: admin })).json;

async function listed(query: Readonly<Record<string, string>>): Promise<string[]> {
  const { data } = await get(`/api/v1/runs?limit=50&${new URLSearchParams(query)}`);
  return (data as { id: string }[]).map(({ id }) => id);
}

test("runs are found by what they were given, gave, and failed with", async () => {
  assert.deepEqual(await listed({ where: 'input.value ~ "AI"' }), [ran["ＡＩ ﾆｭｰｽ"], ran["AI news"]]);
  assert.deepEqual(await listed({ where: 'input.value ~ "ai" and output.value ~ news' }), [ran["AI news"]]);
  assert.deepEqual(await listed({ text: "ニュース" }), [ran["ＡＩ ﾆｭｰｽ"]]);
  assert.deepEqual(await listed({ text: ran["weather"] ?? "" }), [ran["weather"]]);
  assert.deepEqual((await listed({ text: "no luck" })).length, 2);
  assert.deepEqual((await listed({ where: "error.nodeId = boom" })).length, 2);
  assert.deepEqual((await listed({ error: "code_error" })).length, 2);
  assert.deepEqual(await listed({ where: "input.value = 1" }), []);
});

test("runs are found by their version, key, cost, time, and moment", async () => {
  assert.equal((await listed({ version: "1.0.0", workflow: "echo" })).length, 3);
  assert.deepEqual(await listed({ version: "1.0.9" }), []);
  const { data } = await get("/api/v1/keys");
  const key = (data as { id: string; workflows: { id: string }[] }[]).find(({ workflows }) => workflows[0]?.id === echoKey.id);
  assert.equal((await listed({ key: key?.id ?? "" })).length, 3);
  assert.deepEqual(await listed({ creditsAbove: "0" }), []);
  assert.equal((await listed({ creditsFrom: "0", workflow: "echo" })).length, 3);
  assert.deepEqual(await listed({ creditsFrom: "0.001" }), []);
  assert.deepEqual(await listed({ msAbove: "600000" }), []);
  const { acceptedAt } = await get(`/api/v1/runs/${ran["weather"]}`);
  assert.ok(!(await listed({ until: String(acceptedAt), workflow: "echo" })).includes(ran["weather"] ?? ""));
  assert.ok((await listed({ until: String(Number(acceptedAt) + 1), workflow: "echo" })).includes(ran["weather"] ?? ""));
});

test("runs are left out by what the list says of them", async () => {
  const of = async (where: string) => (await listed({ where })).length;
  assert.deepEqual(
    [await of('run.status != "FAILED"'), await of("run.error != code_error"), await of("run.error = code_error")],
    [3, 3, 2],
  );
  assert.deepEqual([await of("run.user != u-1"), await of("run.workflow != failing"), await of("run.trigger != api")], [2, 3, 0]);
  assert.deepEqual(await listed({ where: 'run.version = "1.0.0" and run.status != "FAILED" and input.value ~ weather' }), [ran["weather"]]);
  const answer = await server.call("GET", "/api/v1/runs?where=run.cost%20%3D%201", { key: admin });
  assert.match(JSON.stringify(answer.json["errors"]), /run\.user/);
});

test("a search goes on page by page, each run once", async () => {
  const seen: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await get(`/api/v1/runs?limit=1&where=${encodeURIComponent("input.value ~ e")}${cursor && `&cursor=${cursor}`}`);
    seen.push(...(page["data"] as { id: string }[]).map(({ id }) => id));
    if (page["nextCursor"] === undefined) break;
    cursor = String(page["nextCursor"]);
  }
  assert.deepEqual(seen, [ran["weather"], ran["AI news"]]);
});

test("what is no condition is refused by its name", async () => {
  const answer = await server.call("GET", "/api/v1/runs?where=topic", { key: admin });
  assert.deepEqual([answer.status, (answer.json["errors"] as { path: string }[])[0]?.path], [400, "/where"]);
});

test("failures are grouped by their cause, with the last run of each and what it says", async () => {
  const { data, counted } = await get("/api/v1/runs/errors");
  const [group, ...others] = data as { workflowName: string; type: string; count: number; lastRunId: string; error: JsonObject }[];
  assert.deepEqual([group?.workflowName, group?.type, group?.count, counted, others.length], ["failing", "code_error", 2, 2, 0]);
  assert.deepEqual([group?.lastRunId, group?.error["nodeId"]], [ran["failed"], "boom"]);
  assert.deepEqual((await get("/api/v1/runs/errors?workflow=echo"))["data"], []);
});

test("the figures are those of the runs, by workflow, without drafts", async () => {
  const slow = document("figures", [start({}), { id: "end", type: "end", output: {} }], ["start -> end"]);
  const { id, key } = await server.publish(slow);
  for (let count = 0; count < 3; count++) await server.invoke(key, { input: {} });
  await server.call("POST", `/api/v1/workflows/${id}/draft/runs`, { key: admin, body: {} });
  const stats = await get("/api/v1/runs/stats?hours=24&workflow=figures");
  const total = stats["total"] as { runs: number; ended: number; failed: number; series: number[]; p95Ms: number };
  assert.deepEqual([total.runs, total.ended, total.failed, total.series.length], [3, 3, 0, 24]);
  assert.equal(
    total.series.reduce((sum, count) => sum + count, 0),
    3,
  );
  assert.ok(total.p95Ms >= 0);
  const week = await get("/api/v1/runs/stats");
  const rows = week["workflows"] as { workflowName: string; runs: number; failed: number; series: number[]; failures: number[] }[];
  const failed = rows.find(({ workflowName }) => workflowName === "failing");
  assert.deepEqual([failed?.runs, failed?.failed, failed?.series.length, failed?.failures.at(-1)], [2, 2, 7, 2]);
  assert.equal((await server.call("GET", "/api/v1/runs/stats?hours=0", { key: admin })).status, 400);
  assert.equal((await server.call("GET", "/api/v1/runs/stats?hours=2161", { key: admin })).status, 400);
});
