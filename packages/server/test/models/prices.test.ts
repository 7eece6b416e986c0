import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PriceList, PriceView } from "@millrace/contract";
import { Check } from "typebox/schema";
import { DEFAULT_TENANT } from "#app";
import { startTestServer, type TestServer } from "#testing/server";

const FREE = { input: "0", output: "0" };

let server: TestServer;
let key: string;
before(async () => {
  server = await startTestServer();
  ({ key } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] }));
});
after(() => server.close());

const manage = (method: string, path: string, body?: unknown) =>
  server.call(method, `/api/v1/${path}`, { key, ...(body !== undefined && { body }) });
const priceOf = (models: string) => `prices/${encodeURIComponent(models)}`;

test("a price is set, listed, replaced and removed", async () => {
  const put = await manage("PUT", priceOf("local/*"), { price: FREE });
  assert.equal(put.status, 200, put.text);
  assert.ok(Check(PriceView, put.json));
  await manage("PUT", priceOf("local/*"), { price: { ...FREE, output: "0.5" } });
  await manage("PUT", priceOf("gateway/gpt-4o"), { price: { input: "1", output: "2", cached: "0.25" } });
  const listed = await manage("GET", "prices");
  assert.ok(Check(PriceList, listed.json));
  assert.deepEqual(
    listed.json.data.map(({ models, price }) => [models, price]),
    [
      ["gateway/gpt-4o", { input: "1", output: "2", cached: "0.25" }],
      ["local/*", { input: "0", output: "0.5" }],
    ],
  );
  assert.equal((await manage("DELETE", priceOf("local/*"))).status, 204);
  const gone = await manage("DELETE", priceOf("local/*"));
  assert.deepEqual([gone.status, gone.json["message"]], [404, "No price of local/*."]);
});

test("names and amounts on both sides of their limits", async () => {
  const cases: readonly (readonly [models: string, price: object, status: number])[] = [
    [`a/${"x".repeat(298)}`, FREE, 200],
    [`a/${"x".repeat(299)}`, FREE, 400],
    ["gpt-4o", FREE, 400],
    ["a/b c", FREE, 400],
    ["a/b", { input: "999999999.123456789012", output: "0" }, 200],
    ["a/b", { input: "1000000000", output: "0" }, 400],
    ["a/b", { input: "0.1234567890123", output: "0" }, 400],
    ["a/b", { input: 15, output: "0" }, 400],
    ["a/b", { input: "-1", output: "0" }, 400],
    ["a/b", { input: "1e3", output: "0" }, 400],
    ["a/b", { input: "1" }, 400],
    ["a/b", { ...FREE, speech: "1" }, 400],
  ];
  for (const [models, price, status] of cases) {
    const answer = await manage("PUT", priceOf(models), { price });
    assert.equal(answer.status, status, `${models} ${JSON.stringify(price)}: ${answer.text}`);
  }
});

test("what ships is listed by vendor, in credits", async () => {
  const { json } = await manage("GET", "prices?vendor=openai");
  assert.ok(Check(PriceList, json));
  const mini = json.data.find(({ models }) => models === "gpt-4o-mini");
  assert.deepEqual([mini?.price.input, mini?.price.output, mini?.vendor], ["15", "60", "openai"]);
  for (const vendor of ["anthropic", "google", "deepseek", "mistral", "groq", "openrouter", "qwen", "zai"]) {
    const { json: page } = await manage("GET", `prices?vendor=${vendor}`);
    assert.ok(Check(PriceList, page) && page.data.length > 0, vendor);
  }
  assert.deepEqual((await manage("GET", "prices?vendor=nobody")).json, { data: [] });
});

test("a thousand prices are kept, and no more; those that are there can still be changed", async () => {
  const { json } = await manage("GET", "prices");
  const already = (json["data"] as unknown[]).length;
  for (let n = already; n < 1_000; n += 50) {
    const some = Array.from({ length: Math.min(50, 1_000 - n) }, (_, i) => manage("PUT", priceOf(`many/${n + i}`), { price: FREE }));
    assert.ok((await Promise.all(some)).every(({ status }) => status === 200));
  }
  const more = await manage("PUT", priceOf("many/more"), { price: FREE });
  assert.deepEqual([more.status, /1000 prices/.test(more.text)], [409, true], more.text);
  assert.equal((await manage("PUT", priceOf(`many/${already}`), { price: FREE })).status, 200);
});
