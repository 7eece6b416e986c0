import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Passwords } from "#members/passwords";
import { SESSION_IDLE_MS, SESSION_LIFE_MS } from "#members/sessions";
import { Browser, PASSWORD, setUpOwner } from "#testing/browser";
import { MovableClock } from "#testing/clock";
import { startTestServer, type TestServer } from "#testing/server";

const STEP_MS = SESSION_IDLE_MS / 3;

let server: TestServer;
const clock = new MovableClock();
before(async () => {
  server = await startTestServer({ surroundings: { clock } });
});
after(() => server.close());

const setup = (browser: Browser, token: string, email = "ada@example.com") =>
  browser.call("POST", "/api/v1/setup", { body: { token, email, name: "Ada", password: PASSWORD } });

test("a server without an owner is set up once, with the token that it printed", async () => {
  const browser = new Browser(server);
  assert.deepEqual((await browser.call("GET", "/api/v1/setup")).json, { needed: true });
  const token = (await server.app.operators.members.openSetup("default")) ?? "";
  assert.equal((await setup(browser, "x".repeat(40))).status, 401);
  const short = await browser.call("POST", "/api/v1/setup", { body: { token, email: "ada@example.com", password: "eleven char" } });
  assert.equal(short.status, 400);
  const answer = await setup(browser, token, "Ada@Example.com");
  assert.equal(answer.status, 200, answer.text);
  const { memberId: _, serverVersion: __, ...person } = answer.json;
  assert.deepEqual(person, { email: "ada@example.com", name: "Ada", role: "owner", scopes: ["admin"], workflows: [] });
  assert.equal((await browser.call("GET", "/api/v1/whoami")).json["email"], "ada@example.com");
  assert.deepEqual((await browser.call("GET", "/api/v1/setup")).json, { needed: false, session: true });
  assert.deepEqual((await server.call("GET", "/api/v1/setup")).json, { needed: false });
  assert.equal((await setup(new Browser(server), token)).status, 401);
  assert.equal(await server.app.operators.members.openSetup("default"), null);
});

test("a set-up token is over after an hour", async () => {
  const other = await startTestServer({ surroundings: { clock } });
  const token = (await other.app.operators.members.openSetup("default")) ?? "";
  clock.forward(3_600_001);
  assert.equal((await setup(new Browser(other), token)).status, 401);
  await other.close();
});

test("a password opens a session, whose cookie no script reads and no other site sends", async () => {
  const browser = new Browser(server);
  const answer = await browser.signIn("ADA@example.com");
  assert.equal(answer.status, 200, answer.text);
  const [cookie = "", ...more] = answer.headers["set-cookie"] ?? [];
  assert.deepEqual(more, []);
  assert.match(cookie, new RegExp(`^millrace_${server.port}=[A-Za-z0-9_-]{40}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000$`));
  assert.equal(answer.text.includes(browser.cookie.split("=")[1] ?? ""), false);
});

test("a wrong password, an unknown account and a disabled one answer the same", async () => {
  const owner = new Browser(server);
  await owner.signIn("ada@example.com");
  const bodies = [];
  for (const [email, password] of [
    ["ada@example.com", "a wrong sentence"],
    ["nobody@example.com", PASSWORD],
  ] as const) {
    const { status, headers, json } = await new Browser(server).signIn(email, password);
    const { requestId: _, ...body } = json;
    bodies.push([status, body, headers["set-cookie"]]);
  }
  assert.deepEqual(bodies[0], bodies[1]);
  assert.equal(bodies[0]?.[0], 401);
});

test("signing out ends the session on the server, and in the browser", async () => {
  const browser = new Browser(server);
  await browser.signIn("ada@example.com");
  const stolen = browser.cookie;
  const answer = await browser.call("POST", "/api/v1/sign-out");
  assert.equal(answer.status, 204, answer.text);
  assert.equal(browser.cookie, "");
  const late = await new Browser(server).call("GET", "/api/v1/whoami", { headers: { Cookie: stolen } });
  assert.deepEqual([late.status, late.json["message"]], [401, "Not signed in, or the session has ended."]);
});

test("a member sees and ends own sessions, and a new password ends all but this one", async () => {
  const [first, second, third] = [new Browser(server), new Browser(server), new Browser(server)];
  for (const browser of [first, second, third]) await browser.signIn("ada@example.com");
  const { data } = (await first.call("GET", "/api/v1/sessions")).json as { data: { id: string; current: boolean; address: string }[] };
  assert.equal(data.filter(({ current }) => current).length, 1);
  assert.equal(data.find(({ current }) => current)?.address, "127.0.0.1");
  const newest = data[0]?.id ?? "";
  assert.equal((await first.call("DELETE", `/api/v1/sessions/${newest}`)).status, 204);
  assert.equal((await first.call("DELETE", `/api/v1/sessions/${newest}`)).status, 404);
  assert.equal((await third.call("GET", "/api/v1/whoami")).status, 401);
  const change = (current: string, password: string) => first.call("PUT", "/api/v1/password", { body: { current, password } });
  assert.equal((await change("not the password", "another long sentence")).status, 401);
  assert.equal((await second.call("GET", "/api/v1/whoami")).status, 200);
  assert.equal((await change(PASSWORD, "another long sentence")).status, 204);
  assert.equal((await second.call("GET", "/api/v1/whoami")).status, 401);
  assert.equal((await first.call("GET", "/api/v1/whoami")).status, 200);
  assert.equal((await new Browser(server).signIn("ada@example.com")).status, 401);
  assert.equal((await change("another long sentence", PASSWORD)).status, 204);
});

test("a session ends when it is not used for a day, and after thirty days however much it is used", async () => {
  const [idle, almost, used] = [new Browser(server), new Browser(server), new Browser(server)];
  const whoami = async (browser: Browser) => (await browser.call("GET", "/api/v1/whoami")).status;
  for (const browser of [idle, almost]) await browser.signIn("ada@example.com");
  clock.forward(SESSION_IDLE_MS - 1_000);
  assert.equal(await whoami(almost), 200);
  clock.forward(1_000);
  assert.equal(await whoami(idle), 401);
  await used.signIn("ada@example.com");
  for (let at = STEP_MS; at < SESSION_LIFE_MS; at += STEP_MS) {
    clock.forward(STEP_MS);
    assert.equal(await whoami(used), 200);
  }
  clock.forward(STEP_MS);
  assert.equal(await whoami(used), 401);
});

test("a password that was hashed with other parameters is hashed anew at the next sign-in, and ends no session", async () => {
  const first = await startTestServer();
  const browser = await setUpOwner(first);
  const { store } = first.app;
  const before = (await store.members.findByEmail("default", "owner@example.com"))?.password ?? "";
  assert.match(before, /^\$scrypt\$ln=4,r=8,p=1\$/);
  const dearer = await new Passwords({ ln: 5, r: 8, p: 2 }).hash(PASSWORD);
  const { id } = (await store.members.list("default"))[0] ?? { id: "" };
  await store.members.setPassword("default", id, dearer, null);
  assert.equal((await new Browser(first).signIn("owner@example.com")).status, 200);
  const after = (await store.members.get("default", id))?.password ?? "";
  assert.match(after, /^\$scrypt\$ln=4,r=8,p=1\$/);
  assert.notEqual(after, before, "with another salt");
  assert.equal((await browser.call("GET", "/api/v1/whoami")).status, 200);
  assert.equal((await new Browser(first).signIn("owner@example.com")).status, 200);
  await first.close();
});

test("a link signs in as its key, once, and for as long as the key works", async () => {
  const { key, row } = await server.app.apiKeys.create("default", { scopes: ["admin"], role: "viewer", name: "dev" });
  const made = await server.call("POST", "/api/v1/sign-in-links", { key });
  assert.equal(made.status, 201, made.text);
  const token = /^http:\/\/127\.0\.0\.1:\d+\/login#link=([A-Za-z0-9_-]{40})$/.exec(String(made.json["url"]))?.[1];
  const browser = new Browser(server);
  const open = () => browser.call("POST", "/api/v1/sign-in/link", { body: { token } });
  const { serverVersion: _, ...who } = (await open()).json;
  assert.deepEqual(who, { keyId: row.id, name: "dev", role: "viewer", scopes: ["admin"], workflows: [] });
  assert.equal((await open()).status, 401);
  assert.equal((await browser.call("GET", "/api/v1/whoami")).json["keyId"], row.id);
  assert.equal((await browser.call("POST", "/api/v1/sign-in-links")).json["message"], "This takes an API key, not a session.");
  await server.app.apiKeys.revoke("default", row.id);
  assert.equal((await browser.call("GET", "/api/v1/whoami")).status, 401);
});
