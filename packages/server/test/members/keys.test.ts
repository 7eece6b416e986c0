import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestServer, type TestServer } from "#testing/server";
import { type StandingClock, standingClock } from "#testing/standing-clock";
import { echo } from "#testing/workflows";

const HOUR_MS = 3_600_000;

/** A server whose wall clock the test moves, and an admin key. */
async function withServer(body: (server: TestServer, clock: StandingClock, admin: string) => Promise<void>): Promise<void> {
  const clock = standingClock(Date.now());
  const server = await startTestServer({ surroundings: { clock } });
  try {
    await server.publish(echo);
    await body(server, clock, (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key);
  } finally {
    await server.close();
  }
}

test("a last use is noted within five seconds, also where no other request follows", () =>
  withServer(async (server, clock, admin) => {
    const keys = [];
    for (let n = 0; n < 3; n++) keys.push(await server.app.apiKeys.create("default", { scopes: ["admin"] }));
    for (const { key } of keys) assert.equal((await server.call("GET", "/api/v1/whoami", { key })).status, 200);
    const usedBy = clock.now();
    clock.moveTo(clock.now() + 5_000);
    // The writer takes what it is asked for in order: this comes back when the note is written.
    await server.app.apiKeys.create("default", { scopes: ["admin"] });
    const rows = await server.app.apiKeys.list("default");
    for (const { row } of keys) {
      const { lastUsedAt, lastUsedFrom } = rows.find(({ id }) => id === row.id) ?? {};
      assert.ok(lastUsedAt && lastUsedAt <= usedBy, "the time of the use, not of the note");
      assert.equal(lastUsedFrom, "127.0.0.1");
    }
    assert.equal((await server.call("GET", "/api/v1/keys", { key: admin })).status, 200);
  }));

test("both values of a rotated key work until the overlap is over, then the new one alone", () =>
  withServer(async (server, clock, admin) => {
    const { json: old } = await server.call("POST", "/api/v1/keys", { key: admin, body: { workflows: ["echo"], expiresInDays: 1 } });
    const rotate = (id: unknown, overlapS: number) => server.call("POST", `/api/v1/keys/${id}/rotate`, { key: admin, body: { overlapS } });
    const made = await rotate(old["id"], 7_200);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(
      [made.json["scopes"], made.json["workflows"], made.json["expiresAt"]],
      [old["scopes"], old["workflows"], old["expiresAt"]],
    );
    const status = async (key: unknown) => (await server.invoke(String(key), { input: {} })).status;
    assert.deepEqual([await status(old["key"]), await status(made.json["key"])], [200, 200]);
    clock.moveTo(clock.now() + 2 * HOUR_MS - 1);
    assert.deepEqual([await status(old["key"]), await status(made.json["key"])], [200, 200]);
    clock.moveTo(clock.now() + 1);
    assert.deepEqual([await status(old["key"]), await status(made.json["key"])], [401, 200]);
    const next = await rotate(made.json["id"], 0);
    assert.deepEqual([await status(made.json["key"]), await status(next.json["key"])], [401, 200], "without an overlap, at once");
    for (const id of [old["id"], made.json["id"]]) assert.equal((await rotate(id, 60)).status, 409);
    assert.equal((await rotate("0123456789abcdef01234567", 60)).status, 404);
    for (const overlapS of [-1, 2_592_001, 1.5]) assert.equal((await rotate(next.json["id"], overlapS)).status, 400);
    assert.equal((await rotate(next.json["id"], 2_592_000)).status, 201);
  }));

test("a scope that there is not is answered with those that there are", () =>
  withServer(async (server, _, admin) => {
    const { status, json } = await server.call("POST", "/api/v1/keys", {
      key: admin,
      body: { workflows: ["echo"], scopes: ["invoke", "run"] },
    });
    assert.equal(status, 400);
    assert.equal(json["message"], 'scopes.1: must be one of "invoke", "query", "draft", "admin", "version"');
  }));
