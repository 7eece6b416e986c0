import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTestServer, type TestServer } from "#testing/server";
import { advice, echo, todayNews } from "#testing/workflows";

let server: TestServer;
let key: string;
let admin: string;
const ids: string[] = [];
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
  for (const document of [echo, todayNews, advice]) ids.push((await server.publish(document)).id);
  const scopes = ["draft", "version"] as const;
  key = (await server.app.apiKeys.create("default", { workflows: ids.slice(0, 2), scopes })).key;
});
after(() => server.close());

test("a key of some workflows reads, saves and publishes no other, by id or by name", async () => {
  const foreign = ids[2] ?? "";
  const saves = { document: { ...advice, description: "changed" } };
  for (const name of [foreign, "advice"]) {
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PUT", "/draft", saves],
      ["POST", "/publish", {}],
      ["GET", "/versions", undefined],
      ["GET", "/versions/1.0.0", undefined],
      ["POST", "/promote", { version: "1.0.0" }],
    ] as const) {
      const call = (workflow: string) => server.call(method, `/api/v1/workflows/${workflow}${path}`, { key, body });
      const [answer, absent] = [await call(name), await call("absent")];
      assert.deepEqual([answer.status, answer.json["code"], answer.json["message"]], [404, 40348, absent.json["message"]], path);
    }
  }
  assert.equal((await server.call("GET", "/api/v1/workflows/advice", { key: admin })).json["revision"], 1);
  assert.equal((await server.call("GET", `/api/v1/workflows/${ids[0]}`, { key })).status, 200);
});

test("a key of some workflows lists those, newest first, page by page", async () => {
  const first = await server.call("GET", "/api/v1/workflows?limit=1", { key });
  const rest = await server.call("GET", `/api/v1/workflows?limit=5&cursor=${first.json["nextCursor"]}`, { key });
  const listed = [first, rest].map(({ json }) => (json["data"] as { id: string }[]).map(({ id }) => id));
  assert.deepEqual(listed, [[ids[1]], [ids[0]]]);
});

test("a key of some workflows cannot have the scope admin", async () => {
  const answer = await server.call("POST", "/api/v1/keys", { key: admin, body: { workflows: ["echo"], scopes: ["admin"] } });
  assert.equal(answer.status, 400);
  assert.match(String(answer.json["message"]), /an admin key reaches every workflow; name none/);
});
