import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { keptTexts } from "#testing/kept-data";
import { openWorld, type World } from "./harness.ts";

const VALUE = 'sk-Live+"9/ü\\&<x>=42';

let world: World;
before(async () => {
  world = await openWorld();
  await world.setSecret("TOKEN", VALUE);
});
after(() => world.close());

/** Answers with everything that it was sent, in many spellings. */
function echoes(path: string, status = 200): void {
  world.receiver.answer(path, (response, _nth, request) => {
    const bytes = Buffer.from(VALUE);
    const spelled = {
      raw: VALUE,
      [VALUE]: "a name",
      json: JSON.stringify(JSON.stringify(VALUE)),
      url: encodeURIComponent(VALUE),
      form: new URLSearchParams({ value: VALUE }).toString(),
      html: VALUE.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`),
      hex: bytes.toString("hex").toUpperCase(),
      base64: [0, 1, 2].map((n) => Buffer.concat([Buffer.from("abc".slice(0, n)), bytes]).toString("base64")),
      base64url: bytes.toString("base64url"),
      kept: "plain text",
      headers: request.headers,
    };
    response.writeHead(status, { "Content-Type": "application/json", "X-Echo": encodeURIComponent(VALUE) });
    // The value lies across the chunks.
    const text = JSON.stringify(spelled);
    response.write(text.slice(0, 14));
    response.end(text.slice(14));
  });
}

/** Every spelling that a search looks for. */
function spellings(): readonly string[] {
  const bytes = Buffer.from(VALUE);
  return [
    "sk-Live",
    bytes.toString("base64").slice(0, 20),
    bytes.toString("base64url").slice(0, 20),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    encodeURIComponent(VALUE),
  ];
}

function assertClean(what: string, text: string): void {
  for (const spelling of spellings()) assert.ok(!text.includes(spelling), `${what} shows ${spelling}: ${text.slice(0, 2_000)}`);
}

const PLACES: readonly (readonly [what: string, request: JsonObject, sent: (received: World["receiver"]["received"][number]) => string])[] =
  [
    [
      "bearer",
      { auth: { type: "bearer", token: "{{ encodeURIComponent(secrets.TOKEN) }}" } },
      ({ headers }) => headers.authorization ?? "",
    ],
    ["basic", { auth: { type: "basic", username: "me", password: "{{ secrets.TOKEN }}" } }, ({ headers }) => headers.authorization ?? ""],
    ["x-api-key", { headers: { "x-api-key": "{{ encodeURIComponent(secrets.TOKEN) }}" } }, ({ headers }) => String(headers["x-api-key"])],
    ["query", { query: { key: "{{ secrets.TOKEN }}" } }, ({ url }) => url],
    ["body", { method: "POST", body: { json: { key: "{{ secrets.TOKEN }}" } } }, ({ body }) => body],
    ["form", { method: "POST", body: { form: { key: "{{ secrets.TOKEN }}" } } }, ({ body }) => body],
  ];

for (const [what, request, sent] of PLACES) {
  test(`a secret goes out as ${what}, and comes back from nowhere`, async () => {
    echoes("/echo");
    const answer = await world.runHttp({ request: { url: world.receiver.url("/echo"), ...request } });
    assert.equal(answer.json["status"], "SUCCEED", answer.text);
    const received = world.receiver.at("/echo").at(-1);
    assert.ok(received);
    const places = sent(received);
    const expected = [
      encodeURIComponent(VALUE),
      Buffer.from(`me:${VALUE}`).toString("base64"),
      JSON.stringify(VALUE),
      new URLSearchParams({ key: VALUE }).toString(),
    ];
    assert.ok(
      expected.some((spelling) => places.includes(spelling)),
      places,
    );
    assertClean("the answer", answer.text);
    const body = (answer.json["output"] as { body: { raw: string; kept: string } }).body;
    assert.deepEqual([body.raw, body.kept], ["***", "plain text"]);
    const run = String(answer.json["workflowRunId"]);
    for (const path of [`runs/${run}`, `runs/${run}/journal`]) assertClean(path, (await world.manage("GET", path)).text);
  });
}

test("a secret in the URL is in no error, whether the service refuses or cannot be reached", async () => {
  echoes("/refuses", 401);
  const refused = await world.runHttp({ request: { url: `${world.receiver.url("/refuses")}?k={{ encodeURIComponent(secrets.TOKEN) }}` } });
  assert.equal((refused.json["error"] as { type: string }).type, "http_401", refused.text);
  const path = await world.runHttp({
    request: { url: `${world.receiver.url("/no")}/{{ encodeURIComponent(secrets.TOKEN) }}`, method: "GET" },
    failOnStatus: true,
  });
  const denied = await world.runHttp({ request: { url: "http://127.0.0.1:9/{{ encodeURIComponent(secrets.TOKEN) }}" } });
  assert.equal((denied.json["error"] as { type: string }).type, "egress_denied", denied.text);
  const bad = await world.runHttp({ request: { url: world.receiver.url("/x"), headers: { "x-a": "a\nb{{ secrets.TOKEN }}" } } });
  assert.equal((bad.json["error"] as { type: string }).type, "type_error", bad.text);
  for (const { text } of [refused, path, denied, bad]) assertClean("the error", text);
});

test("a secret that is not there fails the node, and the error says which and how to set it", async () => {
  const { json } = await world.runHttp({ request: { url: world.receiver.url("/x"), headers: { "x-a": "{{ secrets.GONE }}" } } });
  assert.deepEqual(json["error"], {
    code: 40348,
    type: "missing_reference",
    message: "There is no secret GONE on this server. Set it: millrace secrets set GONE",
    nodeId: "call",
    nodeName: "call",
  });
  assert.equal(world.receiver.at("/x").length, 0, "nothing was sent");
});

test("a changed value holds from the next attempt on; its use is noted", async () => {
  await world.setSecret("CHANGING", "the-first-value");
  const node = { request: { url: world.receiver.url("/changing"), headers: { "x-a": "{{ secrets.CHANGING }}" } } };
  await world.runHttp(node);
  await world.setSecret("CHANGING", "the-second-value");
  await world.runHttp(node);
  assert.deepEqual(
    world.receiver.at("/changing").map(({ headers }) => headers["x-a"]),
    ["the-first-value", "the-second-value"],
  );
  const { data } = (await world.manage("GET", "secrets")).json as { data: { name: string; lastUsedAt?: number }[] };
  assert.ok(data.find(({ name }) => name === "CHANGING")?.lastUsedAt);
});

test("another node of the workflow cannot bring it back either", async () => {
  world.receiver.answer("/later", (response) => response.end(JSON.stringify({ found: VALUE })));
  const nodes = [
    { id: "start", type: "start", input: { type: "object" } },
    { id: "first", type: "http", request: { url: world.receiver.url("/first"), query: { key: "{{ secrets.TOKEN }}" } } },
    { id: "later", type: "http", request: { url: world.receiver.url("/later") } },
    {
      id: "joined",
      type: "code",
      inputs: { halves: [VALUE.slice(0, 5), VALUE.slice(5)] },
      code: "console.log(inputs.halves.join('')); return { all: inputs.halves.join('') };",
    },
    { id: "end", type: "end", output: { later: "{{ later.body }}", joined: "{{ joined.all }}" } },
  ];
  const edges = ["start -> first", "first -> later", "later -> joined", "joined -> end"];
  const { key } = await world.server.publish({ format: "millrace/1", name: "twice", nodes, edges });
  const answer = await world.server.invoke(key, { input: {} });
  assert.deepEqual(answer.json["output"], { later: '{"found":"***"}', joined: "***" }, answer.text);
  assertClean("the run", (await world.manage("GET", `runs/${String(answer.json["workflowRunId"])}`)).text);
});

test("what is kept holds no secret in any spelling", async () => {
  const kept = await keptTexts(world.server.dataDir);
  assert.ok(kept.length > 2);
  for (const { where, text } of kept) assertClean(where, text);
});
