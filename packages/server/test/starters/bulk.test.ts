import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { type Effects, startEffects } from "#testing/effects";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

let server: TestServer;
let effects: Effects;
let admin: string;

before(async () => {
  effects = await startEffects();
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${effects.port}` } });
  admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
});
after(async () => {
  await server.close();
  effects.close();
});

const manage = (method: string, path: string, body?: object) =>
  server.call(method, `/api/v1${path}`, { key: admin, ...(body && { body }) });

/** Resolves with the job as soon as it is as wanted. */
function untilJob(of: TestServer, key: string, id: string, wanted: (job: JsonObject) => boolean): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      of.call("GET", `/api/v1/bulk-jobs/${id}`, { key }).then(({ json }) => {
        if (!wanted(json)) return;
        stop();
        resolve(json);
      }, reject);
    };
    const stop = of.app.store.watch(({ kind }) => kind === "job" && look());
    look();
  });
}

async function create(body: object): Promise<JsonObject> {
  const made = await manage("POST", "/bulk-jobs", body);
  assert.equal(made.status, 201, made.text);
  return made.json;
}

const ended = (job: JsonObject) => job["state"] !== "running";

function assertAddsUp({ matched, done, failed, skipped, remaining }: JsonObject): void {
  assert.equal(matched, Number(done) + Number(failed) + Number(skipped) + Number(remaining));
}

const one = (name: string) => effects.flow(name, [effects.node("call")], {});

/** Runs that failed while the node was broken, which it is no more. */
async function failedRuns(key: string, count: number): Promise<string[]> {
  effects.broken = new Set(["call"]);
  const answers = await Promise.all(Array.from({ length: count }, () => server.invoke(key, { userId: "u-1", input: {} })));
  effects.broken = new Set();
  effects.called = [];
  return answers.map(({ json }) => String(json["workflowRunId"]));
}

test("a hundred failed runs are replayed, each once, with progress; those of others and later ones are left alone", async () => {
  const { key } = await server.publish(one("many"));
  const { key: otherKey } = await server.publish(one("others"));
  const failed = await failedRuns(key, 100);
  await failedRuns(otherKey, 3);
  const job = await create({ action: "replay", filter: { workflow: "many", status: "FAILED" } });
  assert.deepEqual([job["matched"], job["filter"], job["from"]], [100, { workflow: "many", status: "FAILED" }, "failed"]);
  const later = await failedRuns(key, 1);
  const seen: number[] = [];
  const done = await untilJob(server, admin, String(job["id"]), (now) => {
    seen.push(Number(now["done"]));
    assertAddsUp(now);
    return ended(now);
  });
  assert.deepEqual([done["state"], done["done"], done["failed"], done["skipped"], done["remaining"]], ["done", 100, 0, 0, 0]);
  assert.ok(
    seen.some((count) => count > 0 && count < 100),
    `progress: ${seen.join(" ")}`,
  );
  for (const id of failed) assert.equal((await server.app.store.runs.list(DEFAULT_TENANT, { limit: 9, starterId: id })).length, 1);
  assert.deepEqual(await server.app.store.runs.list(DEFAULT_TENANT, { limit: 9, starterId: later[0] ?? "" }), []);
});

test("a job that is stopped leaves the rest; its counts add up", async () => {
  const { key } = await server.publish(one("stopped"));
  await failedRuns(key, 60);
  const job = await create({ action: "replay", filter: { workflow: "stopped" }, from: "start", version: "live" });
  await untilJob(server, admin, String(job["id"]), ({ done }) => Number(done) > 0);
  const stopped = (await manage("POST", `/bulk-jobs/${String(job["id"])}/stop`)).json;
  assert.equal(stopped["state"], "stopped");
  assert.ok(Number(stopped["remaining"]) > 0, JSON.stringify(stopped));
  assertAddsUp(stopped);
  const again = (await manage("POST", `/bulk-jobs/${String(job["id"])}/stop`)).json;
  assert.equal(again["state"], "stopped");
});

test("runs that wait are cancelled, each once", async () => {
  const nap = { id: "nap", type: "delay", forMs: 86_400_000 };
  const { key } = await server.publish(
    document("naps", [start({}), nap, { id: "end", type: "end", output: {} }], ["start -> nap", "nap -> end"]),
  );
  const accepted = await Promise.all(Array.from({ length: 25 }, () => server.invoke(key, { input: {}, isAsync: true })));
  // It may be begun by another process, a moment after it was accepted.
  for (const { json } of accepted) while (!(await server.query(key, json["workflowRunId"])).json["waitingFor"]);
  const job = await create({ action: "cancel", filter: { workflow: "naps" } });
  const done = await untilJob(server, admin, String(job["id"]), ended);
  assert.deepEqual([done["matched"], done["done"], done["failed"]], [25, 25, 0], JSON.stringify(done));
  for (const { json } of accepted)
    assert.equal(((await server.query(key, json["workflowRunId"])).json["error"] as JsonObject)["type"], "cancelled");
});

test("what cannot be replayed is counted with its reason", async () => {
  const { id, key } = await server.publish(one("gone"));
  const [failed] = await failedRuns(key, 1);
  await manage("DELETE", `/workflows/${id}`);
  const job = await create({ action: "replay", filter: { user: "u-1", since: Date.now() - 3_600_000 }, version: "9.9.9" });
  const done = await untilJob(server, admin, String(job["id"]), ended);
  assert.equal(done["failed"], done["matched"]);
  assert.match(String(done["lastError"]), /^[0-9a-f-]{36}: /);
  assert.deepEqual(await server.app.store.runs.list(DEFAULT_TENANT, { limit: 9, starterId: failed ?? "" }), []);
});

test("what makes no sense is refused by its name", async () => {
  for (const [body, path] of [
    [{ action: "cancel", filter: { status: "FAILED" } }, "/filter/status"],
    [{ action: "replay", filter: { status: "RUNNING" } }, "/filter/status"],
    [{ action: "replay", filter: { status: "SUCCEED" } }, "/from"],
    [{ action: "replay" }, ""],
    [{ action: "delete", filter: {} }, "/action"],
    [{ action: "cancel", filter: { tenant: "x" } }, "/filter/tenant"],
  ] as const) {
    const refused = await manage("POST", "/bulk-jobs", body);
    assert.deepEqual([refused.status, (refused.json["errors"] as JsonObject[])[0]?.["path"]], [400, path], refused.text);
  }
  assert.equal((await manage("POST", "/bulk-jobs", { action: "cancel", filter: { workflow: "nobodys" } })).status, 404);
  assert.equal((await manage("GET", "/bulk-jobs/0123456789abcdef01234567")).status, 404);
  const { json } = await manage("GET", "/bulk-jobs?limit=2");
  assert.equal((json["data"] as JsonObject[]).length, 2);
});

test("killed within a slice, the job goes on in the next server, and replays no run twice", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-bulk-"));
  const program = fileURLToPath(new URL("killed-bulk.ts", import.meta.url));
  const env = { ...process.env, MILLRACE_FAILPOINTS: "bulk.afterSlice.beforeRecord:kill@2" };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, dataDir], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.on("data", (text: Buffer) => {
    told += text.toString("utf8");
  });
  const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  assert.equal(signal, "SIGKILL");
  const next = await startTestServer({ dataDir });
  t.after(async () => {
    await next.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const { key } = await next.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const done = await untilJob(next, key, told.trim(), ended);
  assert.deepEqual([done["state"], done["matched"], done["done"], done["failed"]], ["done", 35, 35, 0], JSON.stringify(done));
  const retries = await next.app.store.runs.list(DEFAULT_TENANT, { limit: 200, trigger: "retry" });
  assert.equal(retries.length, 35);
  assert.equal(new Set(retries.map(({ origin }) => origin?.id)).size, 35);
});
