import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { keptTexts } from "#testing/kept-data";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { advice } from "#testing/workflows";
import { basic, dataOf, flowFile, postForm } from "./harness.ts";

const IMPORT = "/v1/org/workflow/import";
const PRECHECK = "/v1/org/workflow/import/precheck";

let server: TestServer;
let admin: string;
let headers: { readonly Authorization: string };
let secret: string;
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
  const { json, status } = await server.call("POST", "/api/v1/dev-keys", { key: admin, body: { name: "publishing" } });
  assert.equal(status, 201);
  secret = String(json["devSecret"]);
  headers = basic(String(json["devKey"]), secret);
});
after(() => server.close());

const post = (path: string, file: JsonObject | string | null, fields: { readonly [name: string]: string } = {}) =>
  postForm(server, path, { file, fields: { org_id: "default", ...fields }, headers });

function refused(answer: Answer, status: number, code: number, type: string): void {
  assert.deepEqual([answer.status, answer.json["code"], answer.json["type"]], [status, code, `/errors/${type}`], answer.text);
}

test("W37 import: a new workflow with a version that is not live, and a key that works at once", async () => {
  const answer = await post(IMPORT, flowFile("imported"));
  assert.deepEqual(Object.keys(answer.json), ["code", "message", "data"]);
  const data = dataOf(answer);
  const { workflow_id: id, api_key: key } = data;
  assert.deepEqual(Object.entries(data), [
    ["workflow_id", id],
    ["name", "imported"],
    ["api_key", key],
    ["api_enabled", true],
    ["version_manage_enabled", false],
    ["warning", ""],
  ]);
  const verified = await server.call("GET", "/v1/api-key/verify", { key: String(key) });
  assert.deepEqual([dataOf(verified)["entity_id"], dataOf(verified)["live_version"]], [id, ""]);
  refusedRun(await server.invoke(String(key), { input: {} }));
  const { json } = await server.call("GET", `/api/v1/workflows/${String(id)}/versions`, { key: admin });
  assert.deepEqual(
    (json["data"] as JsonObject[]).map(({ version, live }) => [version, live]),
    [["1.0.0", false]],
  );
  assert.equal(await isStored(String(key)), false, "the key is stored as a hash alone");
});

function refusedRun(answer: Answer): void {
  refused(answer, 400, 40000, "no_published_version");
}

async function isStored(text: string): Promise<boolean> {
  await server.app.store.check();
  return (await keptTexts(server.dataDir)).some((kept) => kept.text.includes(text));
}

test("import: with another name, and without a key where the API is to be off", async () => {
  const answer = await post(IMPORT, flowFile("original"), { custom_name: "renamed", enable_api: "false" });
  const { workflow_id: id, ...data } = dataOf(answer);
  assert.deepEqual(data, { name: "renamed", api_key: "", api_enabled: false, version_manage_enabled: false, warning: "" });
  const { json } = await server.call("GET", `/api/v1/workflows/${String(id)}`, { key: admin });
  assert.deepEqual([json["name"], (json["document"] as JsonObject)["name"], json["apiEnabled"]], ["renamed", "renamed", false]);
});

test("import: what is refused makes no workflow and no key", async () => {
  const count = async () => [
    ((await server.call("GET", "/api/v1/workflows?limit=100", { key: admin })).json["data"] as unknown[]).length,
    ((await server.call("GET", "/api/v1/keys", { key: admin })).json["data"] as unknown[]).length,
  ];
  await server.publish(advice);
  const before = await count();
  refused(await post(IMPORT, flowFile("advice")), 409, 409, "conflict");
  refused(await post(IMPORT, flowFile("x"), { custom_name: "advice" }), 409, 409, "conflict");
  refused(await post(IMPORT, flowFile("x"), { custom_name: "n".repeat(101) }), 400, 40000, "invalid_request");
  refused(await post(IMPORT, flowFile("x"), { enable_api: "yes" }), 400, 40000, "invalid_request");
  refused(await post(IMPORT, flowFile("x"), { org_id: "other" }), 404, 40348, "not_found");
  refused(await postForm(server, IMPORT, { file: flowFile("x"), headers }), 400, 40000, "invalid_request");
  refused(await post(IMPORT, null), 400, 40000, "invalid_request");
  refused(await post(IMPORT, "{"), 400, 403202, "file_unreadable");
  refused(await post(IMPORT, flowFile("x", { exportType: "BOT", botType: "Flow" })), 400, 403201, "file_type_mismatch");
  refused(await post(IMPORT, flowFile("x", { workflow: null })), 400, 40000, "invalid_flow");
  assert.deepEqual(await count(), before);
  assert.equal((await post(IMPORT, flowFile("x"), { custom_name: "n".repeat(100) })).status, 200);
});

test("precheck: says what is in the file, and changes nothing", async () => {
  const before = await server.call("GET", "/api/v1/workflows?limit=100", { key: admin });
  const answer = await post(PRECHECK, flowFile("checked", { logo: "https://a.example/l.png", introduction: "Checks." }));
  const { export_type, bot_type, format_version } = flowFile("checked");
  assert.ok([export_type, bot_type, format_version].every((value) => value === undefined));
  assert.deepEqual(Object.entries(dataOf(answer)), [
    ["valid", true],
    ["error_message", ""],
    ["export_type", "WORKFLOW"],
    ["bot_type", "Workflow"],
    ["name", "checked"],
    ["logo", "https://a.example/l.png"],
    ["introduction", "Checks."],
    ["format_version", dataOf(answer)["format_version"]],
  ]);
  assert.equal((await server.call("GET", "/api/v1/workflows?limit=100", { key: admin })).text, before.text);
});

test("precheck: a bad file is an answer of 200 with its first fault, in the caller's language", async () => {
  const check = async (file: JsonObject | string, fields = {}) => dataOf(await post(PRECHECK, file, fields));
  const nothing = { export_type: "", bot_type: "", name: "", logo: "", introduction: "", format_version: "" };
  const { error_message: unread, ...unreadable } = await check("{");
  assert.deepEqual(unreadable, { valid: false, ...nothing });
  assert.notEqual(unread, "");
  const broken = await check(flowFile("x", { workflow: null }));
  assert.deepEqual([broken["valid"], broken["name"], String(broken["error_message"]).split(":")[0]], [false, "x", "$.workflow"]);
  await server.publish({ ...advice, name: "taken" });
  assert.deepEqual((await check(flowFile("x"), { custom_name: "taken" }))["error_message"], "The name taken is taken.");
  const japanese = { ...headers, "Accept-Language": "ja" };
  const fields = { org_id: "default", custom_name: "taken" };
  const answer = await postForm(server, PRECHECK, { file: flowFile("x"), fields, headers: japanese });
  assert.equal(dataOf(answer)["error_message"], "名前 taken は使用済みです。");
});

test("only a DevKey with its secret is let in, and it is let in nowhere else", async () => {
  const [, encoded = ""] = headers.Authorization.split(" ");
  const [devKey = ""] = Buffer.from(encoded, "base64").toString().split(":");
  const wrong = [
    {},
    { Authorization: `Bearer ${admin}` },
    { Authorization: admin },
    { Authorization: `Bearer ${secret}` },
    { Authorization: "Basic" },
    { Authorization: "Basic ###" },
    basic(devKey, "mrd_wrong"),
    basic("0123456789abcdef01234567", secret),
  ];
  for (const given of wrong) {
    const answer = await postForm(server, PRECHECK, { file: flowFile("x"), fields: { org_id: "default" }, headers: given });
    refused(answer, 401, 40127, "unauthorized");
    assert.equal(answer.headers["www-authenticate"], 'Basic realm="millrace"');
  }
  assert.equal((await post(PRECHECK, flowFile("x"))).status, 200);
  for (const [method, path] of [
    ["POST", "/v1/workflow/invoke"],
    ["GET", "/v1/workflow/version/list"],
    ["GET", "/api/v1/dev-keys"],
    ["GET", "/api/v1/workflows"],
  ] as const) {
    const answer = await server.call(method, path, { headers });
    refused(answer, 401, 40127, "unauthorized");
    assert.equal(answer.headers["www-authenticate"], 'Bearer realm="millrace"');
  }
});

test("DevKeys are made, listed without their secrets, and revoked, by owners", async () => {
  const { json: made } = await server.call("POST", "/api/v1/dev-keys", { key: admin, body: { name: "short", expiresInDays: 1 } });
  const { devSecret, ...view } = made;
  assert.deepEqual([view["orgId"], view["name"], Number(view["expiresAt"]) - Number(view["createdAt"])], ["default", "short", 86_400_000]);
  const listed = await server.call("GET", "/api/v1/dev-keys", { key: admin });
  assert.deepEqual((listed.json["data"] as JsonObject[])[0], view);
  assert.equal(listed.text.includes(String(devSecret)), false);
  const check = () =>
    postForm(server, PRECHECK, {
      file: flowFile("x"),
      fields: { org_id: "default" },
      headers: basic(String(view["devKey"]), String(devSecret)),
    });
  assert.equal((await check()).status, 200);
  const revoke = () => server.call("DELETE", `/api/v1/dev-keys/${String(view["devKey"])}`, { key: admin });
  assert.equal((await revoke()).status, 204);
  refused(await check(), 401, 40127, "unauthorized");
  const rest = (await server.call("GET", "/api/v1/dev-keys", { key: admin })).json["data"] as JsonObject[];
  assert.equal(rest.length, 1);
  refused(await server.call("DELETE", "/api/v1/dev-keys/0123456789abcdef01234567", { key: admin }), 404, 40348, "not_found");
  const { key: editor } = await server.app.apiKeys.create("default", { scopes: ["admin"], role: "editor" });
  for (const [method, path] of [
    ["GET", "/api/v1/dev-keys"],
    ["POST", "/api/v1/dev-keys"],
    ["DELETE", `/api/v1/dev-keys/${String(rest[0]?.["devKey"])}`],
  ] as const)
    refused(await server.call(method, path, { key: editor, ...(method === "POST" && { body: {} }) }), 403, 20055, "role");
});

test("who imported is in the audit log; a precheck is not", async () => {
  const { json } = await server.call("GET", "/api/v1/audit?action=importOrgWorkflow", { key: admin });
  const [entry] = json["data"] as { readonly actor: { readonly name: string } }[];
  assert.equal(entry?.actor.name, "publishing");
  const prechecks = await server.call("GET", "/api/v1/audit?action=precheckWorkflowImport", { key: admin });
  assert.deepEqual(prechecks.json["data"], []);
});
