import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ConnectionList, ConnectionView, type JsonObject, TestConnectionAnswer } from "@millrace/contract";
import { Check } from "typebox/schema";
import { openWorld, type World } from "./harness.ts";

const VALUE = "conn-Canary+/42==";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

async function put(name: string, body: JsonObject): Promise<JsonObject> {
  const { status, text, json } = await world.manage("PUT", `connections/${name}`, body);
  assert.equal(status, 200, text);
  assert.ok(Check(ConnectionView, json), text);
  return json as JsonObject;
}

const HEADER = { type: "header", name: "x-api-key", value: VALUE };

test("a connection is kept without showing its credential, listed, and deleted", async () => {
  const made = await put("crm", { provider: "crm", baseUrl: world.receiver.url("/api/"), credential: HEADER, settings: { region: "eu" } });
  assert.deepEqual(
    [made["baseUrl"], made["hosts"], made["credential"], made["settings"]],
    [world.receiver.url("/api"), [`127.0.0.1:${world.receiver.port}`], { type: "header", name: "x-api-key" }, { region: "eu" }],
  );
  const [one, listed] = [await world.manage("GET", "connections/crm"), await world.manage("GET", "connections")];
  assert.deepEqual(one.json, made);
  assert.ok(Check(ConnectionList, listed.json));
  for (const { text } of [one, listed]) assert.ok(!text.includes("Canary"));
  assert.equal((await world.manage("DELETE", "connections/crm")).status, 204);
  for (const [method, path] of [
    ["GET", "connections/crm"],
    ["DELETE", "connections/crm"],
    ["POST", "connections/crm/test"],
  ] as const) {
    const { status, json } = await world.manage(method, path);
    assert.deepEqual([status, json["message"]], [404, "No connection crm."]);
  }
});

const KINDS: readonly (readonly [
  credential: JsonObject,
  arrives: (url: string, headers: NodeJS.Dict<string | string[]>) => unknown,
  as: string,
])[] = [
  [{ type: "bearer", value: VALUE }, (_, { authorization }) => authorization, `Bearer ${VALUE}`],
  [{ type: "basic", username: "me", value: VALUE }, (_, { authorization }) => authorization, `Basic ${btoa(`me:${VALUE}`)}`],
  [HEADER, (_, headers) => headers["x-api-key"], VALUE],
  [{ type: "query", name: "key", value: VALUE }, (url) => url, `/api/items?max=1&key=${encodeURIComponent(VALUE)}`],
];

for (const [credential, arrives, as] of KINDS) {
  test(`a node uses a connection by ${credential["type"]}, below its base URL, and never sees the credential`, async () => {
    world.receiver.answer("/api/items", (response, _nth, request) =>
      response.setHeader("Content-Type", "application/json").end(JSON.stringify({ url: request.url, headers: request.headers })),
    );
    await put("crm", { baseUrl: world.receiver.url("/api"), credential });
    const answer = await world.runHttp({ connection: "crm", request: { url: "/items", query: { max: 1 } } });
    assert.equal(answer.json["status"], "SUCCEED", answer.text);
    const received = world.receiver.at("/api/items").at(-1);
    assert.equal(received && arrives(received.url, received.headers), as);
    assert.ok(!answer.text.includes("Canary") && !answer.text.includes(btoa(`me:${VALUE}`).slice(4)), answer.text);
    assert.match(answer.text, /\*\*\*/);
  });
}

test("the credential goes to its own hosts only", async () => {
  await put("crm", { baseUrl: world.receiver.url("/api"), credential: HEADER });
  const before = world.elsewhere.received.length;
  const { json } = await world.runHttp({ connection: "crm", request: { url: world.elsewhere.url("/steal") } });
  assert.match((json["error"] as { message: string }).message, /not bound to the host .*\(egress rule 9\)/);
  assert.equal(world.elsewhere.received.length, before);
});

test("a file that a node fetches for its body gets no credential", async () => {
  await put("crm", { baseUrl: world.receiver.url("/api"), credential: HEADER });
  const body = { multipart: [{ name: "file", file: world.elsewhere.url("/file") }] };
  const { json } = await world.runHttp({ connection: "crm", request: { method: "POST", url: "/upload", body } });
  assert.equal(json["status"], "SUCCEED");
  assert.equal(world.elsewhere.at("/file").at(-1)?.headers["x-api-key"], undefined);
  assert.equal(world.receiver.at("/api/upload").at(-1)?.headers["x-api-key"], VALUE);
});

test("who changes where a connection leads gives the credential anew", async () => {
  await put("crm", { baseUrl: world.receiver.url("/api"), credential: HEADER });
  await put("crm", { baseUrl: world.receiver.url("/api/v2"), provider: "crm" });
  assert.equal((await world.manage("POST", "connections/crm/test")).json["ok"], true, "it is still there");
  assert.equal(world.receiver.at("/api/v2").at(-1)?.headers["x-api-key"], VALUE);
  for (const body of [
    { baseUrl: world.elsewhere.url("/api") },
    { baseUrl: world.receiver.url("/api"), hosts: [`127.0.0.1:${world.receiver.port}`, `127.0.0.1:${world.elsewhere.port}`] },
  ]) {
    const { status, text } = await world.manage("PUT", "connections/crm", body);
    assert.deepEqual([status, /credential: needed again/.test(text)], [400, true], text);
  }
  assert.equal((await put("crm", { baseUrl: world.elsewhere.url("/api"), credential: null }))["credential"], undefined);
});

test("a test tells what a node would be told", async () => {
  await put("crm", { baseUrl: world.receiver.url("/tested"), credential: HEADER });
  const test = async () => (await world.manage("POST", "connections/crm/test")).json;
  const fine = await test();
  assert.ok(Check(TestConnectionAnswer, fine));
  assert.deepEqual([fine.ok, fine.status], [true, 200]);
  for (const status of [401, 403, 500]) {
    world.receiver.answer("/tested", (response) => response.writeHead(status).end());
    assert.deepEqual([(await test())["ok"], (await test())["status"]], [false, status]);
  }
  world.receiver.answer("/tested", (response) => response.destroy());
  assert.equal(((await test())["error"] as { type: string }).type, "http_network");
});

test("what cannot be a connection is refused, with the field and the reason", async () => {
  const url = world.receiver.url("/");
  const cases: readonly (readonly [name: string, body: JsonObject, message: RegExp])[] = [
    ["crm", { baseUrl: "/relative" }, /baseUrl: expected an absolute/],
    ["crm", { baseUrl: "ftp://a.example" }, /baseUrl: expected an absolute/],
    ["crm", { baseUrl: `${url}?key=1` }, /baseUrl: expected a URL without/],
    ["crm", { baseUrl: "http://me:pw@a.example" }, /baseUrl: expected a URL without/],
    ["crm", { baseUrl: "http://169.254.169.254/" }, /baseUrl: /],
    ["1crm", { baseUrl: url }, /connection: a name/],
    ["crm", { baseUrl: url, hosts: [] }, /hosts/],
    ["crm", { baseUrl: url, hosts: ["HTTP://x"] }, /hosts/],
    ["crm", { baseUrl: url, credential: { type: "bearer", value: "short12" } }, /credential/],
    ["crm", { baseUrl: url, credential: { type: "basic", username: "a:b", value: VALUE } }, /credential/],
  ];
  for (const [name, body, message] of cases) {
    const { status, text, json } = await world.manage("PUT", `connections/${name}`, body);
    assert.equal(status, 400, text);
    assert.match(String(json["message"]), message);
    assert.ok(!text.includes("short12") && !text.includes("Canary"), text);
  }
});
