import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { openWorld, type World } from "./harness.ts";

const VALUE = "redirect-Canary-42";

let world: World;
before(async () => {
  world = await openWorld();
  await world.setSecret("KEY", VALUE);
  await world.manage("PUT", "connections/origin", {
    baseUrl: world.receiver.url("/api"),
    credential: { type: "query", name: "key", value: VALUE },
  });
});
after(() => world.close());

/** How each request carries the secret, in the URL or beside it. */
const WAYS: readonly JsonObject[] = [
  { request: { headers: { "x-api-key": "{{ secrets.KEY }}" } } },
  { request: { auth: { type: "bearer", token: "{{ secrets.KEY }}" } } },
  { request: { auth: { type: "basic", username: "me", password: "{{ secrets.KEY }}" } } },
  { request: { query: { key: "{{ secrets.KEY }}" } } },
  { request: { method: "POST", body: { json: { key: "{{ secrets.KEY }}" } } } },
  { connection: "origin", request: {} },
];

for (const status of [301, 302, 303, 307, 308]) {
  test(`S7 a ${status} to another origin takes no secret with it, however it was sent`, async () => {
    for (const [way, node] of WAYS.entries()) {
      const path = `/api/away${status}${way}`;
      world.receiver.answer(path, (response) =>
        response.writeHead(status, { Location: world.elsewhere.url(`/canary${status}${way}`) }).end(),
      );
      const url = node["connection"] === undefined ? world.receiver.url(path) : path.slice(4);
      await world.runHttp({ ...node, request: { url, ...(node["request"] as JsonObject) } });
      assert.equal(world.receiver.at(path).length, 1);
      // Those with a body are refused; all others arrive, and empty-handed.
      const arrived = world.elsewhere.at(`/canary${status}${way}`);
      assert.equal(arrived.length, way === 4 && status > 303 ? 0 : 1, `way ${way}`);
      assert.ok(!JSON.stringify(arrived).includes("Canary") && !JSON.stringify(arrived).includes(btoa(VALUE).slice(4, -4)));
    }
  });
}

test("S7 a redirect that carries the secret on in its URL is refused, in whatever spelling", async () => {
  const spellings = [VALUE, encodeURIComponent(VALUE), Buffer.from(VALUE).toString("hex"), Buffer.from(`k:${VALUE}`).toString("base64url")];
  for (const [n, spelling] of spellings.entries()) {
    const path = `/carries${n}`;
    world.receiver.answer(path, (response) => response.writeHead(302, { Location: world.elsewhere.url(`/caught?k=${spelling}`) }).end());
    const { json } = await world.runHttp({ request: { url: world.receiver.url(path), query: { key: "{{ secrets.KEY }}" } } });
    assert.match((json["error"] as { message: string }).message, /carries the credential on/);
  }
  assert.equal(world.elsewhere.at("/caught").length, 0);
});
