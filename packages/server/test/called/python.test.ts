import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { failing, slow, todayNews } from "#testing/workflows";

// The client of docs/python.md, as it stands there, run by the Python of this machine.

const [, client = ""] = /```python\n(.*?)```/s.exec(readFileSync(new URL("../../../../docs/python.md", import.meta.url), "utf8")) ?? [];
const { status } = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]);
const skip = status === 0 ? false : "there is no python3 of version 3.9 or later here";

let server: TestServer;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "millrace-python-"));
  writeFileSync(join(folder, "millrace.py"), client);
  server = await startTestServer({ settings: { syncHoldMs: "100" } });
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a program that imports the client prints, as JSON. */
async function run(key: string, program: string, given: object = {}): Promise<unknown> {
  const code = `import json, sys, millrace\ngiven = json.loads(sys.argv[1])\n${program}`;
  const env = {
    PATH: process.env["PATH"] ?? "",
    MILLRACE_API_KEY: key,
    MILLRACE_ENDPOINT: `http://127.0.0.1:${server.port}`,
    PYTHONPATH: folder,
  };
  const { stdout } = await promisify(execFile)("python3", ["-c", code, JSON.stringify(given)], { env });
  return JSON.parse(stdout);
}

test("a synchronous call answers with the run that has ended, also where it outlasts the hold or fails", { skip }, async () => {
  const { key } = await server.publish(todayNews);
  const program = `run = millrace.invoke({"topic": "海"}, userId="u-1")\nprint(json.dumps([run["status"], run["output"]]))`;
  assert.deepEqual(await run(key, program), ["SUCCEED", { news: [{ summary: "海 today", media: "Wire" }] }]);
  const { key: long } = await server.publish(slow);
  assert.deepEqual(await run(long, `print(json.dumps(millrace.invoke({"ms": 400})["output"]))`), { waited: 400 });
  const { key: broken } = await server.publish(failing);
  assert.equal(await run(broken, `print(json.dumps(millrace.invoke({})["error"]["type"]))`), "code_error");
});

test("an asynchronous run is started and waited for, by a key of several workflows", { skip }, async () => {
  const { key } = await server.app.apiKeys.create("default", {});
  const program = `run = millrace.wait(millrace.start({"topic": "tides"}, "todayNews"), "todayNews")\nprint(json.dumps(run["status"]))`;
  assert.equal(await run(key, program), "SUCCEED");
});

test("a refusal is an error with the server's words", { skip }, async () => {
  const { key } = await server.publish(todayNews);
  const program = `
try:
    millrace.invoke({"topic": 1})
except millrace.MillraceError as error:
    print(json.dumps([error.status, error.fault["type"], str(error)]))`;
  const [code, type, text] = (await run(key, program)) as [number, string, string];
  assert.deepEqual([code, type], [400, "/errors/invalid_input"]);
  assert.match(text, /^400 input\.topic: expected string, got number \(request req_\w+\)$/);
});

test("a webhook of this server verifies; a changed byte, another secret and an old one do not", { skip }, async () => {
  const receiver = await startReceiver();
  const own = await startTestServer({ settings: { egressAllow: `127.0.0.1:${receiver.port}` } });
  try {
    const { id, key } = await own.publish(todayNews);
    const { key: admin } = await own.app.apiKeys.create("default", { scopes: ["admin"] });
    const { json } = await own.call("GET", `/api/v1/workflows/${id}/webhook-secret`, { key: admin });
    const arrived = new Promise<void>((resolve) =>
      receiver.answer("/", (response) => {
        response.end("ok");
        resolve();
      }),
    );
    const hook = { method: "POST", url: `http://127.0.0.1:${receiver.port}/` };
    await own.invoke(key, { input: { topic: "tides" }, isAsync: true, webhook: [hook] });
    await arrived;
    const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
    const program = `
def tried(body, secret, headers):
    try:
        return millrace.verify_webhook(body.encode(), headers, secret)["status"]
    except ValueError as error:
        return str(error)
body, secret, headers = given["body"], given["secret"], given["headers"]
print(json.dumps([
    tried(body, secret, headers),
    tried(body + " ", secret, headers),
    tried(body, "whsec_" + "A" * 44, headers),
    tried(body, secret, {**headers, "webhook-timestamp": "1000000000"}),
]))`;
    const invalid = "the webhook's signature is not valid";
    assert.deepEqual(await run(key, program, { body, headers, secret: json["secret"] }), [
      "SUCCEED",
      invalid,
      invalid,
      "the webhook is too old, or from the future",
    ]);
  } finally {
    await own.close();
    receiver.close();
  }
});
