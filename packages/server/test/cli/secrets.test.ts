import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Receiver, startReceiver } from "#testing/receiver";
import { document, start } from "#testing/workflows";
import { errorOf, Project } from "./harness.ts";

const VALUE = "sk-command-line-canary";

describe("secrets and connections", () => {
  let project: Project;
  let receiver: Receiver;
  before(async () => {
    project = new Project();
    receiver = await startReceiver();
    await project.dev(undefined, { env: { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` } });
  });
  after(async () => {
    await project.dispose();
    receiver.close();
  });

  test("a secret goes in by stdin and never comes out, also with -v", async () => {
    const set = await project.run(["secrets", "set", "API_TOKEN", "-v"], { input: `${VALUE}\n` });
    assert.deepEqual([set.status, set.stdout.split("\n")[0]], [0, "NAME       SET  WORKFLOWS"]);
    const again = await project.run(["secret", "set", "API_TOKEN"], { input: VALUE });
    assert.match(again.stdout, /^API_TOKEN {2}replaced/m);
    const listed = await project.run(["secrets", "list", "-v"]);
    assert.match(listed.stdout, /^API_TOKEN {2}\d+ s ago +never/m);
    for (const { stdout, stderr } of [set, again, listed]) assert.ok(!(stdout + stderr).includes(VALUE));
    assert.equal((await project.run(["secrets", "list", "-o", "name"])).stdout, "API_TOKEN\n");
    assert.equal((await project.run(["secrets", "delete", "API_TOKEN", "--yes"])).stdout, "  API_TOKEN   deleted\n");
    const gone = await project.run(["secrets", "delete", "API_TOKEN", "--yes", "-o", "json"]);
    assert.deepEqual([gone.status, errorOf(gone).message], [5, "No secret API_TOKEN."]);
  });

  test("no flag takes a value, and an empty or a short one is refused without being shown", async () => {
    const flag = await project.run(["secrets", "set", "A", "--value", VALUE]);
    assert.deepEqual([flag.status, flag.stderr.includes(VALUE)], [2, false]);
    const empty = await project.run(["secrets", "set", "A"], { input: "\n" });
    assert.deepEqual([empty.status, /the value is empty/.test(empty.stderr)], [2, true]);
    const short = await project.run(["secrets", "set", "A"], { input: "short1" });
    assert.deepEqual([short.status, short.stderr.includes("short1")], [2, false], short.stderr);
  });

  test("deploying what reads a secret that is not there says so, with the command that mends it", async () => {
    const request = { url: "https://api.example.com", headers: { "X-Key": "{{ secrets.NOT_YET }}" } };
    const nodes = [start({}), { id: "call", type: "http", request }, { id: "end", type: "end", output: {} }];
    project.write("flows/warned.json", document("warned", nodes, ["start -> call", "call -> end"]));
    const { status, stderr } = await project.run(["deploy", "flows/warned.json", "--publish"]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /warning unknown_secret: there is no secret NOT_YET on this server \(millrace secrets set NOT_YET\)/);
  });

  test("a connection is set, tested with its credential, changed without it, and deleted", async () => {
    const args = ["connections", "set", "crm", "--base-url", receiver.url("/api"), "--auth", "header", "--field", "x-api-key"];
    const set = await project.run(args, { input: VALUE });
    assert.equal(set.status, 0, set.stderr);
    assert.ok(!set.stdout.includes(VALUE));
    assert.equal((await project.run(["connections", "test", "crm"])).status, 0);
    assert.equal(receiver.at("/api").at(-1)?.headers["x-api-key"], VALUE);
    const kept = await project.run(["connections", "set", "crm", "--auth", "keep", "--provider", "crm"]);
    assert.equal(kept.status, 0, kept.stderr);
    assert.match((await project.run(["connections", "list"])).stdout, /^crm {3}crm +http:\S+ +header/m);
    receiver.answer("/api", (response) => response.writeHead(401).end());
    const refused = await project.run(["connections", "test", "crm"]);
    assert.deepEqual([refused.status, refused.stdout], [3, ""]);
    assert.match(refused.stderr, /^http_401: the connection crm does not work: it answered 401\nhint: millrace connections set crm/);
    assert.equal((await project.run(["connections", "delete", "crm", "--yes"])).stdout, "  crm   deleted\n");
  });

  test("what a kind of credential needs is asked for by name", async () => {
    const set = (...more: string[]) => project.run(["connections", "set", "new", ...more], { input: VALUE });
    assert.match((await set()).stderr, /--base-url is missing/);
    assert.match((await set("--base-url", "https://a.example", "--auth", "basic")).stderr, /--user is missing/);
    assert.match((await set("--base-url", "https://a.example", "--auth", "query")).stderr, /--field is missing/);
    assert.match((await set("--base-url", "http://127.0.0.1:1")).stderr, /baseUrl: /);
  });
});
