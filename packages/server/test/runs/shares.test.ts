import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type JsonObject, LIMITS } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { MovableClock } from "#testing/clock";
import { keptTexts } from "#testing/kept-data";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

const HOUR_MS = 3_600_000;

const GREET = document(
  "greet",
  [
    start({ name: { type: "string" } }),
    {
      id: "say",
      type: "code",
      name: "Say",
      code: "return { text: 'Hello, ' + name, long: 'x'.repeat(40000) };",
      inputs: { name: "{{ start.name }}" },
    },
    { id: "end", type: "end", output: { greeting: "{{ say.text }}" } },
  ],
  ["start -> say", "say -> end"],
);

const clock = new MovableClock();
let server: TestServer;
let admin = "";
let run = "";
before(async () => {
  server = await startTestServer({ surroundings: { clock } });
  ({ key: admin } = await server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [], scopes: ["admin"], name: "ops" }));
  const { key } = await server.publish(GREET);
  run = String((await server.invoke(key, { input: { name: "Ada" }, userId: "user-of-greet" })).json["workflowRunId"]);
});
after(() => server.close());

const shares = (id = run) => `/api/v1/runs/${id}/shares`;
const manage = (method: string, path: string, body?: object) => server.call(method, path, { key: admin, ...(body && { body }) });

async function link(expiresInHours = 24): Promise<{ readonly id: string; readonly token: string; readonly json: JsonObject }> {
  const { status, json, text } = await manage("POST", shares(), { expiresInHours });
  assert.equal(status, 201, text);
  return { id: String(json["id"]), token: String(json["url"]).split("/").at(-1) ?? "", json };
}

/** As a stranger: no key, no session. */
const look = (token: string, rest = "") => server.call("GET", `/api/v1/shared/${token}${rest}`);

test("a link shows the run and the version that ran to whoever has it, and nothing of who began it", async () => {
  const { token, json } = await link();
  assert.match(String(json["url"]), /^http:\/\/127\.0\.0\.1:\d+\/shared\/mrs_[\w-]{40}$/);
  assert.equal(json["createdBy"], "ops");
  const shown = await look(token);
  assert.equal(shown.status, 200, shown.text);
  const { run: seen, document: drawn } = shown.json as { run: JsonObject & { nodes: JsonObject[] }; document: JsonObject };
  assert.deepEqual([seen["id"], seen["status"], seen["output"]], [run, "SUCCEED", { greeting: "Hello, Ada" }]);
  assert.deepEqual(
    seen.nodes.map(({ nodeId }) => nodeId),
    ["start", "say", "end"],
  );
  assert.equal(drawn["name"], "greet");
  assert.doesNotMatch(shown.text, /user-of-greet|"userId"|"starterId"/);
  const { "referrer-policy": referrer, "cache-control": cache, "x-robots-tag": robots } = shown.headers;
  assert.deepEqual([referrer, cache, robots], ["no-referrer", "no-store", "noindex, nofollow"]);
});

test("a long value is shown by its beginning, and whole where it is asked for", async () => {
  const { token } = await link();
  const { run: seen } = (await look(token)).json as { run: { nodes: { outputPreview?: { value: string; bytes: number } }[] } };
  const preview = seen.nodes[1]?.outputPreview;
  assert.ok(preview && preview.bytes > LIMITS.previewBytes.value);
  const whole = await look(token, `/values/${preview.value}?download=true`);
  assert.equal((whole.json["long"] as string).length, 40_000);
  assert.match(String(whole.headers["content-disposition"]), /^attachment; filename=/);
  assert.equal((await look(token, "/values/99")).status, 404);
});

test("a link opens its run and nothing else: no other route takes it, nor does it change anything", async () => {
  const { token } = await link();
  for (const [method, path] of [
    ["GET", `/api/v1/runs/${run}`],
    ["POST", `/api/v1/runs/${run}/replay`],
    ["GET", shares()],
  ] as const) {
    const { status } = await server.call(method, path, { key: token, ...(method === "POST" && { body: { from: "start" } }) });
    assert.equal(status, 401, path);
  }
  assert.equal((await server.call("POST", `/api/v1/shared/${token}`)).status, 405);
});

test("a revoked link, one that is over, and one that never was are all the same to a stranger", async () => {
  const [revoked, over] = [await link(), await link(1)];
  assert.equal((await manage("DELETE", `${shares()}/${revoked.id}`)).status, 204);
  assert.equal((await manage("DELETE", `${shares()}/${revoked.id}`)).status, 404);
  assert.equal((await look(over.token)).status, 200);
  clock.forward(HOUR_MS);
  const never = `mrs_${"a".repeat(40)}`;
  const bodies = await Promise.all(
    [revoked.token, over.token, never, "mrs_short"].map(async (token) => {
      const { status, json } = await look(token);
      return [status, json["message"], json["type"]];
    }),
  );
  for (const body of bodies)
    assert.deepEqual(body, [404, "This link shows nothing, or no longer: ask for a new one.", "/errors/not_found"]);
  assert.equal((await look(over.token, "/values/input")).status, 404);
  const listed = (await manage("GET", shares())).json as { enabled: boolean; data: { id: string }[] };
  assert.equal(listed.enabled, true);
  for (const { id } of [revoked, over]) assert.ok(!listed.data.some((row) => row.id === id));
});

test("its making and revoking are in the audit log", async () => {
  const { id } = await link();
  await manage("DELETE", `${shares()}/${id}`);
  const { data } = (await manage("GET", "/api/v1/audit?limit=2")).json as { data: { action: string; targets: JsonObject }[] };
  assert.deepEqual(
    data.map(({ action, targets }) => [action, targets]),
    ["revokeRunShare", "createRunShare"].map((action) => [action, { run, share: id }]),
  );
});

test("how long it may work and how many there are is limited on both sides", async () => {
  const most = LIMITS.runLinkHours.value;
  for (const hours of [0, most + 1]) assert.equal((await manage("POST", shares(), { expiresInHours: hours })).status, 400, `${hours} h`);
  await link(most);
  const { data } = (await manage("GET", shares())).json as { data: unknown[] };
  for (let n = data.length; n < LIMITS.runLinks.value; n++) await link();
  const refused = await manage("POST", shares(), {});
  assert.deepEqual([refused.status, refused.json["type"]], [409, "/errors/conflict"]);
  assert.equal((await manage("POST", shares("01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10"), {})).status, 404);
});

test("a viewer sees the links and makes none", async () => {
  const { key } = await server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [], scopes: ["admin"], role: "viewer" });
  assert.equal((await server.call("GET", shares(), { key })).status, 200);
  assert.equal((await server.call("POST", shares(), { key, body: {} })).status, 403);
});

test("a token is kept nowhere; an operator who wants no links has none: none is made, and those that were made show nothing", async () => {
  const { dataDir } = server;
  const { data } = (await manage("GET", shares())).json as { data: { id: string }[] };
  await manage("DELETE", `${shares()}/${data[0]?.id}`);
  const { token } = await link();
  await server.app.close();
  for (const { where, text } of await keptTexts(dataDir)) assert.ok(!text.includes(token), where);
  const off = await startTestServer({ dataDir, settings: { runLinks: "off" }, surroundings: { clock } });
  try {
    assert.equal((await off.call("GET", `/api/v1/shared/${token}`)).status, 404);
    const refused = await off.call("POST", shares(), { key: admin, body: {} });
    assert.deepEqual([refused.status, refused.json["type"]], [403, "/errors/sharing_off"]);
    const listed = await off.call("GET", shares(), { key: admin });
    assert.deepEqual(listed.json, { enabled: false, data: [] });
  } finally {
    await off.close();
  }
});
