import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { startTestServer, type TestServer } from "#testing/server";
import { advice, failing } from "#testing/workflows";

let server: TestServer;
let admin: string;
let adminId: string;
before(async () => {
  server = await startTestServer();
  const { key, row } = await server.app.apiKeys.create("default", { scopes: ["admin"], name: "ci" });
  admin = key;
  adminId = row.id;
});
after(() => server.close());

const [START = {}, END = {}] = advice["nodes"] as JsonObject[];
const saying = (name: string, text: string): JsonObject => ({ ...advice, name, nodes: [START, { ...END, text }] });
const call = (method: string, path: string, body?: JsonObject) => server.call(method, path, { key: admin, ...(body && { body }) });
const versionsOf = async (name: string, query = "") => (await call("GET", `/api/v1/workflows/${name}/versions${query}`)).json;
const rowsOf = async (name: string, query = "") => (await versionsOf(name, query))["data"] as JsonObject[];
const deploy = (document: JsonObject, more: JsonObject = {}) => call("POST", "/api/v1/deploy", { document, publish: true, ...more });

test("a version keeps its note, and who made it when; without a note it says what differs", async () => {
  await deploy(saying("noted", "one"));
  await deploy(saying("noted", "two"), { note: "friendlier" });
  await deploy(saying("noted", "three"));
  const createdBy = { kind: "key", id: adminId, name: "ci" };
  const rows = await rowsOf("noted");
  assert.deepEqual(
    rows.map(({ version, note, createdBy }) => [version, note, createdBy]),
    [
      ["1.0.2", "1 node changed", createdBy],
      ["1.0.1", "friendlier", createdBy],
      ["1.0.0", "2 nodes added", createdBy],
    ],
  );
  for (const { createdAt, releasedAt } of rows) assert.ok(typeof createdAt === "number" && createdAt === releasedAt);
  assert.equal(rows[1]?.["changes"], undefined, "its note is somebody's own");
  const { json } = await call("GET", "/api/v1/workflows/noted/versions/1.0.1");
  assert.deepEqual([json["note"], json["createdBy"]], ["friendlier", createdBy]);
});

test("what differs is said in the language of whoever reads, and in numbers", async () => {
  await deploy(saying("worded", "one"));
  const headers = { "Accept-Language": "zh-CN" };
  await server.call("POST", "/api/v1/deploy", { key: admin, body: { document: saying("worded", "two"), publish: true }, headers });
  await server.call("POST", "/api/v1/workflows/worded/publish", { key: admin, body: {}, headers });
  const read = async (language: string, path = "") =>
    (await server.call("GET", `/api/v1/workflows/worded/versions${path}`, { key: admin, headers: { "Accept-Language": language } })).json;
  const listed = async (language: string) => ((await read(language))["data"] as JsonObject[]).map(({ note }) => note);
  assert.deepEqual(await listed("zh-CN"), ["更改 1 个节点", "新增 2 个节点"]);
  assert.deepEqual(await listed("en"), ["1 node changed", "2 nodes added"]);
  assert.equal((await read("ja", "/1.0.1"))["note"], "ノード 1 件を変更");
  assert.deepEqual(
    (await rowsOf("worded")).map(({ changes }) => changes),
    [{ changed: 1 }, { added: 2, edgesAdded: 1 }],
  );
  await call("PUT", "/api/v1/workflows/worded/draft", { document: saying("worded", "three") });
  const { json } = await server.call("GET", "/api/v1/workflows/worded/diff", { key: admin, headers: { "Accept-Language": "ja" } });
  assert.equal(json["summary"], "ノード 1 件を変更");
});

test("a note of 500 characters is kept, one more is refused; an empty one is none", async () => {
  await deploy(saying("long", "one"), { note: "x".repeat(500) });
  assert.equal((await deploy(saying("long", "two"), { note: "x".repeat(501) })).status, 400);
  await deploy(saying("long", "three"), { note: "" });
  assert.deepEqual(
    (await rowsOf("long")).map(({ note }) => (note as string | undefined)?.length),
    [undefined, 500],
  );
});

test("all versions are kept, in pages", async () => {
  for (let n = 0; n < 5; n++) await deploy(saying("many", `edit ${n}`));
  const first = await versionsOf("many", "?limit=3");
  const rest = await versionsOf("many", `?limit=3&cursor=${String(first["nextCursor"])}`);
  const names = [first, rest].map(({ data }) => (data as JsonObject[]).map(({ version }) => version));
  assert.deepEqual(names, [
    ["1.0.4", "1.0.3", "1.0.2"],
    ["1.0.1", "1.0.0"],
  ]);
  assert.equal(rest["nextCursor"], undefined);
  assert.equal((await call("GET", "/api/v1/workflows/many/versions?cursor=abc")).status, 400);
});

test("with stats, each version has its runs, and how many ended and failed", async () => {
  const { key } = await server.publish({ ...failing, name: "counted" });
  await server.invoke(key, { input: {} });
  await server.publish(saying("counted", "better"));
  for (let n = 0; n < 2; n++) await server.invoke(key, { input: { input: "x" } });
  assert.deepEqual(
    (await rowsOf("counted", "?stats=true")).map(({ version, runs }) => [version, runs]),
    [
      ["1.0.1", { total: 2, ended: 2, failed: 0 }],
      ["1.0.0", { total: 1, ended: 1, failed: 1 }],
    ],
  );
  assert.ok((await rowsOf("counted")).every(({ runs }) => runs === undefined));
  const { json } = await call("GET", "/api/v1/workflows/counted/versions/1.0.0?stats=true");
  assert.deepEqual(json["runs"], { total: 1, ended: 1, failed: 1 });
});

test("deploying twice makes one version; a dry run says whether there would be another, and changes nothing", async () => {
  await deploy(saying("twice", "one"));
  const changed = async (more: JsonObject, text: string) => {
    const { json } = await deploy(saying("twice", text), more);
    return (json["workflows"] as JsonObject[])[0]?.["changed"];
  };
  assert.equal(await changed({}, "one"), false);
  assert.equal(await changed({ dryRun: true }, "two"), true);
  assert.equal((await rowsOf("twice")).length, 1);
  // The draft has it already; the live version has not.
  await call("PUT", "/api/v1/workflows/twice/draft", { document: saying("twice", "two") });
  assert.equal(await changed({ dryRun: true }, "two"), true);
  assert.equal(await changed({}, "two"), true);
  assert.equal((await rowsOf("twice")).length, 2);
});
