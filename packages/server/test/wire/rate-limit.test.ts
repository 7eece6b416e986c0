import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { todayNews } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const DAY_S = 86_400;

async function limitedKey(name: string, requests: number): Promise<string> {
  const { id } = await server.publish({ ...todayNews, name });
  const admin = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const made = await server.call("POST", "/api/v1/keys", {
    key: admin.key,
    body: { workflows: [id], rateLimit: { requests, windowS: DAY_S } },
  });
  assert.deepEqual(made.json["rateLimit"], { requests, windowS: DAY_S });
  return String(made.json["key"]);
}

const quotaOf = ({ headers }: Answer) => [headers["ratelimit-policy"], headers["ratelimit"]];

test("W32 L36 a key is let through as often as its limit says, and then told when to come again", async () => {
  const key = await limitedKey("limited", 3);
  const began = performance.now();
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await server.invoke(key, { input: { topic: "AI" } }));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 429],
  );
  // Seconds are told whole, by so much later at most as the four calls took.
  const late = Math.ceil((performance.now() - began) / 1_000);
  const isTold = (told: unknown, seconds: number): boolean => Number(told) <= seconds && Number(told) >= seconds - late;
  const expected = [
    [2, DAY_S / 3],
    [1, (DAY_S / 3) * 2],
    [0, DAY_S],
    [0, DAY_S],
  ] as const;
  for (const [index, [left, seconds]] of expected.entries()) {
    const [policy, quota] = quotaOf(answers[index] as Answer);
    assert.equal(policy, `"key";q=3;w=${DAY_S}`);
    const [, told] = new RegExp(`^"key";r=${left};t=(\\d+)$`).exec(String(quota)) ?? [];
    assert.ok(isTold(told, seconds), String(quota));
  }
  const [refused] = answers.slice(3);
  assert.deepEqual([refused?.json["code"], refused?.json["type"]], [40008, "/errors/rate_limited"]);
  const again = refused?.headers["retry-after"];
  assert.ok(isTold(again, DAY_S / 3), String(again));
});

test("L36: every authenticated answer of a limited key says what is left, refused ones too; others say nothing", async () => {
  const key = await limitedKey("headers", 100);
  const { key: free } = await server.publish({ ...todayNews, name: "free" });
  const answers = [
    await server.invoke(key, "{"),
    await server.invoke(key, { input: {} }),
    await server.query(key, "nothing"),
    await server.call("GET", "/v1/api-key/verify", { key }),
    await server.call("GET", "/api/v1/whoami", { key }),
  ];
  assert.deepEqual(
    answers.map((answer) => quotaOf(answer)[1]?.slice(0, 9)),
    ['"key";r=9', '"key";r=9', '"key";r=9', '"key";r=9', '"key";r=9'],
  );
  assert.match(String(quotaOf(answers[4] as Answer)[1]), /^"key";r=95;t=/);
  for (const answer of [await server.invoke(free, { input: {} }), await server.invoke("mr_unknown", { input: {} })])
    assert.deepEqual(quotaOf(answer), [undefined, undefined]);
});

test("a request that is refused for its key or scope is not counted", async () => {
  const { id } = await server.publish({ ...todayNews, name: "scoped" });
  const rateLimit = { requests: 1, windowS: DAY_S };
  const { key } = await server.app.apiKeys.create("default", { workflows: [id], scopes: ["query"], rateLimit });
  for (let i = 0; i < 3; i++) assert.equal((await server.invoke(key, { input: { topic: "AI" } })).status, 403);
  assert.equal((await server.query(key, "nothing")).status, 404);
  assert.equal((await server.query(key, "nothing")).status, 429);
});
