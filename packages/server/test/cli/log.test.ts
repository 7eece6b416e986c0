import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { echo, failing } from "#testing/workflows";
import { Project, type Running, urlOf } from "./harness.ts";

const ADMIN_KEY = `mr_${"L0g5".repeat(10)}`;

type Line = Readonly<Record<string, unknown>>;

describe("the log of millrace start", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.dispose());

  async function start(env: Record<string, string> = {}) {
    const running = project.start(["start", "--port", "0"], { env: { MILLRACE_ADMIN_KEY: ADMIN_KEY, ...env } });
    await running.seen(/"url":"http:/);
    const url = urlOf(running);
    const post = async (path: string, key: string, body: object, requestId = "r"): Promise<JsonObject> => {
      const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json", "X-Request-Id": requestId };
      return (await (await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) })).json()) as JsonObject;
    };
    const publish = async (document: JsonObject): Promise<string> => {
      const { workflows } = await post("/api/v1/deploy", ADMIN_KEY, { document, publish: true });
      const [{ id } = { id: "" }] = workflows as { id: string }[];
      const { key } = await post("/api/v1/keys", ADMIN_KEY, { workflows: [id] });
      return String(key);
    };
    return { running, post, publish };
  }

  const linesOf = (running: Running): Line[] =>
    running
      .stdout()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);

  test("is JSON where stdout is no terminal: one line an event, with the request and the run that it is about", async () => {
    const { running, post, publish } = await start({ MILLRACE_LOG_LEVEL: "debug" });
    const key = await publish(echo);
    const failingKey = await publish(failing);
    const ok = await post("/v1/workflow/invoke", key, { input: { value: "a-user's-text" } }, "request-1");
    const failed = await post("/v1/workflow/invoke", failingKey, { input: {} }, "request-2");
    await running.end("SIGTERM");
    const lines = linesOf(running);
    for (const { level, time, msg } of lines) assert.deepEqual([typeof level, typeof time, typeof msg], ["string", "number", "string"]);
    const told = (msg: string, name: string, value: unknown) => lines.filter((line) => line["msg"] === msg && line[name] === value);
    for (const [requestId, run] of [
      ["request-1", ok],
      ["request-2", failed],
    ] as const) {
      const [answered, ...more] = told("a request was answered", "requestId", requestId);
      assert.deepEqual([answered?.["workflowRunId"], answered?.["status"], more.length], [run["workflowRunId"], 200, 0]);
    }
    assert.equal(told("a run succeeded", "workflowRunId", ok["workflowRunId"]).length, 1);
    const [end] = told("a run failed", "workflowRunId", failed["workflowRunId"]);
    assert.deepEqual([end?.["level"], end?.["errorType"]], ["info", "code_error"]);
    for (const secret of [ADMIN_KEY, key, failingKey, "a-user's-text", "no luck"]) assert.ok(!running.stdout().includes(secret), secret);
    assert.equal(running.stderr(), "");
  });

  test("escapes what steers a terminal, and masks what has the form of a secret", async () => {
    const { running } = await start({ [`MILLRACE_\u009b31m_${ADMIN_KEY}`]: "1" });
    await running.end("SIGTERM");
    const warned = linesOf(running).find(({ msg }) => String(msg).startsWith("unknown variable"));
    assert.equal(warned?.["msg"], "unknown variable MILLRACE_\u009b31m_mr_***");
    assert.ok(running.stdout().includes("\\u009b31m"));
  });

  test("runs go on when its reader is gone, and the server still stops when it is told to", async () => {
    const { running, post, publish } = await start({ MILLRACE_LOG_LEVEL: "debug" });
    const key = await publish(echo);
    running.child.stdout?.destroy();
    for (let n = 0; n < 20; n++) assert.equal((await post("/v1/workflow/invoke", key, { input: { value: n } }))["status"], "SUCCEED");
    assert.equal(await running.end("SIGTERM"), 0);
    assert.equal(running.stderr(), "");
  });

  test("runs go on when nobody reads it, and the server still stops when it is told to", async () => {
    const { running, post, publish } = await start({ MILLRACE_LOG_LEVEL: "debug" });
    const key = await publish(echo);
    running.child.stdout?.removeAllListeners("data").pause();
    // Two lines each: more than a pipe holds.
    for (let n = 0; n < 500; n++)
      assert.equal((await post("/v1/workflow/invoke", key, { input: { value: n } }, "x".repeat(128)))["status"], "SUCCEED");
    const ended = new Promise((resolve) => running.child.once("exit", (code) => resolve(code)));
    running.child.kill("SIGTERM");
    assert.equal(await ended, 0);
  });
});
