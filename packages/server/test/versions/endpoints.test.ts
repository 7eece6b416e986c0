import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type JsonObject, LIMITS } from "@millrace/contract";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { advice } from "#testing/workflows";
import { dataOf, flowFile, postForm } from "./harness.ts";

let server: TestServer;
let admin: string;
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
});
after(() => server.close());

const [START = {}, END = {}] = advice["nodes"] as JsonObject[];
const saying = (name: string, text: string): JsonObject => ({ ...advice, name, nodes: [START, { ...END, text }] });

/** A published workflow, and a key that runs it and manages its versions. */
async function workflow(name: string): Promise<{ id: string; key: string }> {
  const { id, key } = await server.publish(saying(name, "one"), ["invoke", "query", "version", "draft"]);
  return { id, key };
}

const importing = (key: string, file: JsonObject | string, fields = {}) =>
  postForm(server, "/v1/workflow/version/import", { key, file, fields });
const release = (key: string, version: string) => server.call("POST", "/v1/workflow/version/release", { key, body: { version } });
const rollback = (key: string, body: JsonObject) => server.call("POST", "/v1/workflow/version/rollback", { key, body });
const list = async (key: string) => dataOf(await server.call("GET", "/v1/workflow/version/list", { key })) as unknown as JsonObject[];
const said = async (key: string) => {
  const { json } = await server.invoke(key, { input: { input: "x" } });
  return [json["workflowVersion"], (json["output"] as JsonObject | undefined)?.["output"]];
};

function refused(answer: Answer, status: number, code: number, type: string): void {
  assert.deepEqual([answer.status, answer.json["code"], answer.json["type"]], [status, code, `/errors/${type}`], answer.text);
}

test("import: the file becomes the draft and a version that is not live; the workflow keeps its name", async () => {
  const { id, key } = await workflow("imports");
  const answer = await importing(key, flowFile("another name"), { versionDesc: "from afar" });
  assert.equal(answer.text, `{"code":0,"message":"OK","data":{"botId":"${id}","botType":"Workflow","version":"1.0.1","warning":""}}`);
  const { json } = await server.call("GET", "/api/v1/workflows/imports", { key: admin });
  assert.deepEqual([json["liveVersion"], json["revision"], (json["document"] as JsonObject)["name"]], ["1.0.0", 2, "imports"]);
  assert.deepEqual(await said(key), ["1.0.0", "one"]);
  // The same file again: an equal draft, and a version of its own.
  assert.equal(dataOf(await importing(key, flowFile("another name")))["version"], "1.0.2");
  const again = await server.call("GET", "/api/v1/workflows/imports", { key: admin });
  assert.deepEqual(again.json["document"], json["document"]);
});

test("L30 import: warnings are one text; each names its place", async () => {
  const { key } = await workflow("warned");
  const { warning } = dataOf(await importing(key, flowFile("warned", { formatVersion: "", apiSecrets: [{ a: 1 }] })));
  const places = String(warning)
    .split(/; (?=\$)/)
    .map((text) => text.split(": ")[0]);
  assert.deepEqual(places, ["$.formatVersion", "$.apiSecrets", "$.apiSecrets"]);
});

test("import: a file with a fault changes nothing, and says what kind of file it is not", async () => {
  const { key } = await workflow("faulty");
  const before = await server.call("GET", "/api/v1/workflows/faulty", { key: admin });
  refused(await importing(key, "{"), 400, 403202, "file_unreadable");
  refused(await importing(key, "no workflow at all"), 400, 403202, "file_unreadable");
  refused(await importing(key, flowFile(" ")), 400, 403202, "file_unreadable");
  refused(await importing(key, flowFile("x", { exportType: "PAGE" })), 400, 403202, "file_unreadable");
  refused(await importing(key, flowFile("x", { exportType: "BOT", botType: "Flow" })), 400, 403201, "file_type_mismatch");
  const broken = await importing(key, flowFile("x", { workflow: null }));
  refused(broken, 400, 40000, "invalid_flow");
  assert.deepEqual(
    (broken.json["errors"] as JsonObject[]).map(({ path, code }) => [path, code]),
    [["$.workflow", "WF_MISSING"]],
  );
  refused(await postForm(server, "/v1/workflow/version/import", { key, file: null }), 400, 40000, "invalid_request");
  refused(await importing(key, flowFile("x"), { versionDesc: "x".repeat(501) }), 400, 40000, "invalid_request");
  refused(await server.call("POST", "/v1/workflow/version/import", { key, body: "{}" }), 400, 40000, "invalid_request");
  assert.deepEqual((await server.call("GET", "/api/v1/workflows/faulty", { key: admin })).text, before.text);
  assert.equal((await list(key)).length, 1);
});

test("import: a file of exactly the limit is read, one byte more is not", async () => {
  const { key } = await workflow("large");
  const limit = LIMITS.flowUploadBytes.value;
  const padded = (bytes: number) => {
    const text = JSON.stringify(flowFile("large"));
    return Buffer.concat([Buffer.from(text), Buffer.alloc(bytes - Buffer.byteLength(text), " ")]);
  };
  const send = (bytes: number) => postForm(server, "/v1/workflow/version/import", { key, file: padded(bytes) });
  assert.equal((await send(limit)).status, 200);
  const over = await send(limit + 1);
  refused(over, 413, 413, "body_too_large");
  assert.equal(over.json["message"], `The body exceeds ${limit} bytes.`);
  refused(await send(limit + LIMITS.formBytes.value), 413, 413, "body_too_large");
});

test("release: makes any version live, and says which was before", async () => {
  const { key } = await workflow("released");
  await importing(key, { ...saying("x", "two") });
  assert.equal((await release(key, "1.0.1")).text, '{"code":0,"message":"OK","data":{"version":"1.0.1","previous_version":"1.0.0"}}');
  assert.deepEqual(await said(key), ["1.0.1", "two"]);
  assert.deepEqual(dataOf(await release(key, "1.0.1")), { version: "1.0.1", previous_version: "1.0.1" });
  assert.deepEqual(dataOf(await release(key, "1.0.0")), { version: "1.0.0", previous_version: "1.0.1" });
  refused(await release(key, "9.9.9"), 400, 403203, "version_unknown");
  refused(await server.call("POST", "/v1/workflow/version/release", { key, body: {} }), 400, 40000, "invalid_request");
  assert.deepEqual(await said(key), ["1.0.0", "one"]);
});

test("release: a version that cannot run does not go live; the first to go live has none before", async () => {
  const { json } = await server.call("POST", "/api/v1/workflows", { key: admin, body: { document: saying("first", "one") } });
  const { key } = await server.app.apiKeys.create("default", { workflows: [String(json["id"])], scopes: ["invoke", "query", "version"] });
  const broken = { ...saying("first", "{{ nobody.text }}") };
  assert.equal(dataOf(await importing(key, broken))["version"], "1.0.0");
  const answer = await release(key, "1.0.0");
  refused(answer, 400, 40000, "invalid_flow");
  assert.ok((answer.json["errors"] as JsonObject[]).length > 0);
  refused(await rollback(key, { version: "1.0.0", release: true }), 400, 40000, "invalid_flow");
  await importing(key, saying("first", "two"));
  assert.deepEqual(dataOf(await release(key, "1.0.1")), { version: "1.0.1", previous_version: "" });
});

test("list: newest first, one of them published, with the email of the account that made it", async () => {
  const { id, key } = await workflow("listed");
  const by = { kind: "member", id: "m1", name: "ada@example.com" } as const;
  await server.app.authoring.saveDraft("default", id, saying("listed", "two"));
  await server.app.authoring.publish("default", id, { by });
  await importing(key, saying("listed", "three"));
  const rows = await list(key);
  assert.deepEqual(
    rows.map((row) => Object.keys(row)),
    rows.map(() => ["id", "bot_id", "version", "version_desc", "version_status", "create_time", "release_time", "creator_email"]),
  );
  assert.deepEqual(
    rows.map(({ version, version_desc, version_status, creator_email, release_time }) => [
      version,
      version_desc,
      version_status,
      creator_email,
      release_time === null,
    ]),
    [
      ["1.0.2", "", "DRAFT", "", true],
      ["1.0.1", "1 node changed", "PUBLISHED", "ada@example.com", false],
      ["1.0.0", "2 nodes added", "DRAFT", "", false],
    ],
  );
  assert.equal(new Set(rows.map((row) => row["id"])).size, 3);
  for (const row of rows) assert.match(String(row["id"]), /^[0-9a-f]{24}$/);
  assert.deepEqual(await list(key), rows);
});

test("W34 rollback: copies into a new version, and leaves draft and live version alone", async () => {
  const { key } = await workflow("copied");
  await importing(key, saying("copied", "two"));
  const before = await server.call("GET", "/api/v1/workflows/copied", { key: admin });
  assert.equal(
    (await rollback(key, { version: "1.0.0" })).text,
    '{"code":0,"message":"OK","data":{"source_version":"1.0.0","new_version":"1.0.2","created":true,"released":false,"warnings":[]}}',
  );
  const read = async (version: string) => {
    const { json } = await server.call("GET", `/api/v1/workflows/copied/versions/${version}`, { key: admin });
    return [json["document"], json["hash"]];
  };
  assert.deepEqual(await read("1.0.2"), await read("1.0.0"));
  assert.deepEqual((await server.call("GET", "/api/v1/workflows/copied", { key: admin })).text, before.text);
});

test("rollback: with a name, a description and a release of the copy in the same step; names go on after it", async () => {
  const { key } = await workflow("named");
  await importing(key, saying("named", "two"));
  const answer = await rollback(key, { version: "1.0.1", new_version: "summer", release: true, version_desc: "hot" });
  assert.deepEqual(dataOf(answer), { source_version: "1.0.1", new_version: "summer", created: true, released: true, warnings: [] });
  assert.deepEqual(await said(key), ["summer", "two"]);
  assert.equal((await list(key))[0]?.["version_desc"], "hot");
  assert.equal(dataOf(await rollback(key, { version: "summer" }))["new_version"], "1.0.2");
  refused(await rollback(key, { version: "1.0.0", new_version: "summer" }), 409, 409, "conflict");
  refused(await rollback(key, { version: "9.9.9" }), 400, 403203, "version_unknown");
  for (const new_version of ["a b", "", "x".repeat(65), "draft", "live", "draft-0123456789abcdef"])
    refused(await rollback(key, { version: "1.0.0", new_version }), 400, 40000, "invalid_request");
  refused(await rollback(key, { version: "1.0.0", release: "true" }), 400, 40000, "invalid_request");
  assert.equal((await rollback(key, { version: "1.0.0", new_version: "x".repeat(64), unknown: 1 })).status, 200);
});

test("null is absent, as on the run API", async () => {
  const { key } = await workflow("nulls");
  const answer = await rollback(key, { version: "1.0.0", new_version: null, release: null, version_desc: null });
  assert.equal(dataOf(answer)["new_version"], "1.0.1", answer.text);
});

test("a key without the permission is refused with the code 403, whatever it asks for", async () => {
  const { id } = await server.publish(saying("guarded", "one"));
  const { key } = await server.app.apiKeys.create("default", { workflows: [id], scopes: ["invoke", "query", "draft"] });
  for (const answer of [
    await importing(key, flowFile("x")),
    await release(key, "1.0.0"),
    await rollback(key, { version: "1.0.0" }),
    await server.call("GET", "/v1/workflow/version/list", { key }),
  ])
    refused(answer, 403, 403, "version_permission");
  const verified = await server.call("GET", "/v1/api-key/verify", { key });
  assert.equal(dataOf(verified)["version_manage_enabled"], false);
});

test("the key selects the workflow: a key of several names one, and reaches no other", async () => {
  const [one, two, three] = [await workflow("several-a"), await workflow("several-b"), await workflow("several-c")];
  const { key } = await server.app.apiKeys.create("default", { workflows: [one.id, two.id], scopes: ["version"] });
  refused(await release(key, "1.0.0"), 400, 40000, "workflow_required");
  const named = (name: string) =>
    server.call("POST", "/v1/workflow/version/release", { key, headers: { "Millrace-Workflow": name }, body: { version: "1.0.0" } });
  assert.equal((await named("several-b")).status, 200);
  refused(await named(three.id), 404, 40348, "not_found");
  await server.app.authoring.setApiEnabled("default", three.id, false);
  refused(await release(three.key, "1.0.0"), 403, 20055, "api_disabled");
});

test("what they do is in the audit log, with the version", async () => {
  const { id, key } = await workflow("audited");
  await importing(key, saying("audited", "two"));
  await release(key, "1.0.1");
  await release(key, "9.9.9");
  const { json } = await server.call("GET", `/api/v1/audit?target=${id}`, { key: admin });
  assert.deepEqual(
    (json["data"] as JsonObject[]).map(({ action, result, targets }) => [action, result, targets]),
    [
      ["releaseVersion", "refused", { workflow: id, version: "9.9.9" }],
      ["releaseVersion", "done", { workflow: id, version: "1.0.1" }],
      ["importVersion", "done", { workflow: id, version: "1.0.1" }],
    ],
  );
});
