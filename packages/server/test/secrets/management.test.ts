import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SecretList, SecretView } from "@millrace/contract";
import { Check } from "typebox/schema";
import { calling, openWorld, type World } from "./harness.ts";

const VALUE = "sk-9f8e7d6c5b4a/+é";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

test("a secret is put, listed with who names it, replaced and deleted; its value never comes back", async () => {
  const put = await world.manage("PUT", "secrets/API_TOKEN", { value: VALUE });
  assert.equal(put.status, 200, put.text);
  assert.ok(Check(SecretView, put.json));
  const request = { url: world.receiver.url("/named"), headers: { "X-Key": "{{ secrets.API_TOKEN }}" } };
  const { id } = await world.server.publish(calling("naming", { request }));
  const listed = await world.manage("GET", "secrets");
  assert.ok(Check(SecretList, listed.json));
  const [row] = listed.json.data;
  assert.ok(row);
  assert.deepEqual([row.name, row.workflows], ["API_TOKEN", [{ id, name: "naming" }]]);
  assert.deepEqual(Object.keys(row), ["name", "createdAt", "updatedAt", "workflows"], "no value, no hint of one");
  const again = await world.manage("PUT", "secrets/API_TOKEN", { value: `${VALUE}2` });
  assert.equal(again.json["createdAt"], put.json["createdAt"]);
  for (const { text } of [put, listed, again]) assert.ok(!text.includes("sk-9f8e"), text);
  assert.equal((await world.manage("DELETE", "secrets/API_TOKEN")).status, 204);
  const gone = await world.manage("DELETE", "secrets/API_TOKEN");
  assert.deepEqual([gone.status, gone.json["message"]], [404, "No secret API_TOKEN."]);
});

test("names and values on both sides of their limits; a refused value is not shown", async () => {
  const cases: readonly (readonly [name: string, value: unknown, status: number])[] = [
    ["A".repeat(100), VALUE, 200],
    ["A".repeat(101), VALUE, 400],
    ["1A", VALUE, 400],
    ["A-B", VALUE, 400],
    ["LEAST", "12345678", 200],
    ["LEAST", "1234567", 400],
    ["MOST", "x".repeat(16_384), 200],
    ["MOST", "x".repeat(16_385), 400],
    ["BLANK", " ".repeat(8), 400],
    ["NUMBER", 1_234_567_890, 400],
    ["LIST", [VALUE], 400],
  ];
  for (const [name, value, status] of cases) {
    const answer = await world.manage("PUT", `secrets/${name}`, { value });
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
    assert.ok(!answer.text.includes("1234567") && !answer.text.includes("sk-9f8e"), answer.text);
  }
});

test("what is not there is a warning when a workflow is validated, published and deployed, with the fix", async () => {
  const document = calling("warned", {
    connection: "crm",
    request: { url: "/x", auth: { type: "bearer", token: "{{ secrets.NO_SUCH }}" } },
  });
  const expected = [
    [
      "unknown_secret",
      "warning",
      "/nodes/1/request/auth/token",
      "there is no secret NO_SUCH on this server",
      "millrace secrets set NO_SUCH",
    ],
    ["unknown_connection", "warning", "/nodes/1/connection", "there is no connection crm on this server", "millrace connections set crm"],
  ];
  const rows = (problems: unknown) =>
    (problems as { code: string; level: string; path: string; message: string; hint: string }[]).map(
      ({ code, level, path, message, hint }) => [code, level, path, message, hint],
    );
  assert.deepEqual(rows((await world.manage("POST", "validate", { document })).json["problems"]), expected);
  const deployed = await world.manage("POST", "deploy", { document, publish: true });
  assert.deepEqual(rows((deployed.json["workflows"] as [{ warnings: unknown }])[0].warnings), expected);
  assert.deepEqual(rows((await world.manage("POST", "workflows/warned/publish", {})).json["warnings"]), expected);
  await world.setSecret("NO_SUCH", VALUE);
  await world.manage("PUT", "connections/crm", { baseUrl: "https://crm.example.com" });
  assert.equal((await world.manage("POST", "workflows/warned/publish", {})).json["warnings"], undefined);
});

test("a secret is read by its name, and only in fields that carry credentials", async () => {
  const cases: readonly (readonly [node: object, code: string])[] = [
    [{ request: { url: "https://a.example", headers: { a: "{{ secrets }}" } } }, "secret_unnamed"],
    [{ request: { url: "https://a.example", headers: { a: "{{ secrets[start.x] }}" } } }, "secret_unnamed"],
    [{ request: { url: "https://a.example", method: "{{ secrets.A }}" } }, "secret_not_allowed"],
    [{ request: { url: "https://a.example" }, inputs: { a: "{{ secrets.A }}" } }, "secret_not_allowed"],
    [{ request: { url: "https://a.example" }, outputs: { a: { type: "String", value: "{{ secrets.A }}" } } }, "secret_not_allowed"],
  ];
  for (const [node, code] of cases) {
    const { json, text } = await world.manage("POST", "validate", { document: calling("placed", node as never) });
    assert.ok(
      (json["problems"] as { code: string }[]).some((problem) => problem.code === code),
      text,
    );
  }
});

test("an imported document that names what is not there says so too", async () => {
  const document = calling("imported", { connection: "nobody", request: { url: "/x" } });
  const { json, text } = await world.manage("POST", "import?publish=true", document);
  assert.deepEqual(
    json["warnings"],
    [{ code: "unknown_connection", path: "/nodes/1/connection", message: "there is no connection nobody on this server" }],
    text,
  );
});
