import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ATTEMPT_LIMITS } from "#members/attempt-limiter";
import { Browser, PASSWORD, setUpOwner } from "#testing/browser";
import { startTestServer, type TestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";
import { ofOneServer } from "#testing/store-database";
import { echo } from "#testing/workflows";

// Both clocks stand still until they are moved: what is counted is exact. Several servers tell one another of it a moment later (test/postgres/at-once).

const { account, address, keys } = ATTEMPT_LIMITS;

let mono = 0;
let server: TestServer;
before(async () => {
  const clock = { ...standingClock(Date.UTC(2026, 0, 2)), mono: () => mono };
  server = await startTestServer({ surroundings: { clock }, settings: { trustedProxies: "127.0.0.1" } });
  await setUpOwner(server);
});
after(() => server.close());

/** A browser behind the trusted proxy. */
function signIn(from: string, email: string, password = "a wrong sentence") {
  return new Browser(server).call("POST", "/api/v1/sign-in", { body: { email, password }, headers: { "X-Forwarded-For": from } });
}

const statuses = async (calls: readonly Promise<{ status: number }>[]) => (await Promise.all(calls)).map(({ status }) => status);
const count = (all: readonly number[], wanted: number) => all.filter((status) => status === wanted).length;

test(
  "an account takes so many wrong passwords, from wherever they come, and no right one until its time is over",
  ofOneServer,
  async () => {
    const calls = Array.from({ length: account.attempts + 20 }, (_, n) => signIn(`198.51.100.${n}`, "owner@example.com"));
    const all = await statuses(calls);
    assert.deepEqual([count(all, 401), count(all, 429)], [account.attempts, 20]);
    const right = await signIn("203.0.113.9", "Owner@Example.com", PASSWORD);
    assert.deepEqual([right.status, right.json["code"], right.headers["retry-after"]], [429, 40008, String(account.windowMs / 1_000)]);
    mono += account.windowMs - 1;
    assert.equal((await signIn("203.0.113.9", "owner@example.com", PASSWORD)).headers["retry-after"], "1");
    mono += 1;
    assert.equal((await signIn("203.0.113.9", "owner@example.com", PASSWORD)).status, 200);
  },
);

test("right passwords are not counted", ofOneServer, async () => {
  mono += account.windowMs;
  for (let n = 0; n < account.attempts + 2; n++) assert.equal((await signIn("198.51.100.1", "owner@example.com", PASSWORD)).status, 200);
});

test("an address tries so many accounts, known or not; another address is not held up", ofOneServer, async () => {
  mono += address.windowMs;
  const before = Array.from({ length: address.attempts + 5 }, (_, n) => signIn("198.51.100.7", `user${n}@example.com`));
  const all = await statuses(before);
  assert.deepEqual([count(all, 401), count(all, 429)], [address.attempts, 5]);
  assert.equal((await signIn("198.51.100.7", "owner@example.com", PASSWORD)).status, 429);
  assert.equal((await signIn("198.51.100.8", "owner@example.com", PASSWORD)).status, 200);
});

test("what a client writes of where it comes from changes nothing: only what the proxy adds counts", ofOneServer, async () => {
  mono += address.windowMs;
  const forged = Array.from({ length: address.attempts + 5 }, (_, n) => signIn(`10.0.0.${n}, 198.51.100.9`, `another${n}@example.com`));
  assert.equal(count(await statuses(forged), 401), address.attempts);
});

test("set-up tokens, invitations and links are guessed no more often than passwords", ofOneServer, async () => {
  mono += address.windowMs;
  const paths = ["/api/v1/sign-in/link", "/api/v1/invitations/accept"];
  const calls = Array.from({ length: address.attempts + 5 }, (_, n) => {
    const path = paths[n % paths.length] ?? "";
    const body = { token: `guess-${n}`, ...(path.endsWith("accept") && { password: PASSWORD }) };
    return new Browser(server).call("POST", path, { body, headers: { "X-Forwarded-For": "198.51.100.11" } });
  });
  const all = await statuses(calls);
  assert.deepEqual([count(all, 401), count(all, 429)], [address.attempts, 5]);
});

test("wrong keys of one address are told to wait, on every route; right ones of the same address are answered", ofOneServer, async () => {
  const { key } = await server.publish(echo);
  const wrong = (n: number, path: string, from: string) =>
    server.call("POST", path, { key: `mr_${n}`, body: {}, headers: { "X-Forwarded-For": from } });
  const all = [];
  for (let n = 0; n < keys.attempts + 5; n++) {
    const path = n % 2 === 0 ? "/v1/workflow/invoke" : "/api/v1/validate";
    all.push((await wrong(n, path, "198.51.100.20")).status);
  }
  assert.deepEqual([count(all, 401), count(all, 429)], [keys.attempts, 5]);
  assert.equal((await server.invoke(key, { input: {} }, { "X-Forwarded-For": "198.51.100.20" })).status, 200);
  assert.equal((await wrong(0, "/v1/workflow/invoke", "198.51.100.21")).status, 401);
  mono += keys.windowMs;
  assert.equal((await wrong(0, "/v1/workflow/invoke", "198.51.100.20")).status, 401);
});

test("a request without a key is no guess", async () => {
  for (let n = 0; n < keys.attempts + 5; n++) assert.equal((await server.call("GET", "/api/v1/whoami")).status, 401);
});
