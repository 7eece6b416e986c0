import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fillPath, pathParameters, ROLES, ROUTES, type Role, type Route, roleMay } from "@millrace/contract";
import { type Browser, join, PASSWORD, setUpOwner, tokenOf } from "#testing/browser";
import { MovableClock } from "#testing/clock";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

let server: TestServer;
let owner: Browser;
const clock = new MovableClock();
const members = new Map<Role, Browser>();
before(async () => {
  server = await startTestServer({ surroundings: { clock } });
  await server.publish(echo);
  owner = await setUpOwner(server);
  for (const role of ROLES) members.set(role, await join(server, owner, `${role}@team.example`, role));
});
after(() => server.close());

function browserOf(role: Role): Browser {
  const browser = members.get(role);
  assert.ok(browser);
  return browser;
}

async function idOf(email: string): Promise<string> {
  const { data } = (await owner.call("GET", "/api/v1/members")).json as { data: { id: string; email: string }[] };
  return data.find((one) => one.email === email)?.id ?? "";
}

test("every route of the management API asks a session for the permission that the contract names", async () => {
  const routes = (ROUTES as readonly Route[]).filter(({ path, permission }) => path.startsWith("/api/") && permission !== undefined);
  assert.ok(routes.length > 30);
  for (const role of ROLES) {
    for (const route of routes.filter(({ id }) => id !== "signOut")) {
      const mayStream = route.responses[200]?.contentTypes?.includes("text/event-stream") && roleMay(role, route.permission ?? "view");
      // It would go on for ever.
      if (mayStream) continue;
      const values = Object.fromEntries(pathParameters(route.path).map((name) => [name, "0123456789abcdef01234567"]));
      const { contentTypes: [type = ""] = ["application/json"] } = route.body ?? {};
      const body = route.body && { body: {}, headers: { "Content-Type": type } };
      const answer = await browserOf(role).call(route.method, fillPath(route.path, values), body);
      const isRefused = answer.json["type"] === "/errors/role";
      assert.equal(isRefused, !roleMay(role, route.permission ?? "view"), `${role} ${route.id} ${answer.text}`);
    }
  }
});

test("the message names the role that is needed", async () => {
  const answer = await browserOf("viewer").call("DELETE", "/api/v1/workflows/echo");
  assert.deepEqual([answer.status, answer.json["code"]], [403, 20055]);
  assert.equal(answer.json["message"], "Your role viewer may not do this; it needs the role editor.");
});

test("another role holds for the next request of a session that is open", async () => {
  const id = await idOf("viewer@team.example");
  const rename = () => browserOf("viewer").call("PATCH", "/api/v1/workflows/echo", { body: { apiEnabled: true } });
  assert.equal((await rename()).status, 403);
  assert.equal((await owner.call("PATCH", `/api/v1/members/${id}`, { body: { role: "editor" } })).status, 200);
  assert.equal((await rename()).status, 200);
  assert.equal((await owner.call("PATCH", `/api/v1/members/${id}`, { body: { role: "viewer" } })).status, 200);
  assert.equal((await rename()).status, 403);
});

test("a disabled member's sessions end, and the password opens none until the member is enabled", async () => {
  const browser = await join(server, owner, "leaves@team.example", "editor");
  const id = await idOf("leaves@team.example");
  assert.equal((await owner.call("PATCH", `/api/v1/members/${id}`, { body: { state: "disabled" } })).json["state"], "disabled");
  assert.equal((await browser.call("GET", "/api/v1/whoami")).status, 401);
  assert.equal((await browser.signIn("leaves@team.example")).status, 401);
  await owner.call("PATCH", `/api/v1/members/${id}`, { body: { state: "active" } });
  assert.equal((await browser.call("GET", "/api/v1/whoami")).status, 401, "the old session stays over");
  assert.equal((await browser.signIn("leaves@team.example")).status, 200);
  assert.equal((await owner.call("DELETE", `/api/v1/members/${id}`)).status, 204);
  assert.equal((await browser.call("GET", "/api/v1/whoami")).status, 401);
});

test("an invitation works once, for three days, and another for the same email takes its place", async () => {
  const invite = async () =>
    (await owner.call("POST", "/api/v1/invitations", { body: { email: "New@team.example", role: "viewer" } })).json;
  const accept = (invitation: { url?: unknown }) =>
    owner.call("POST", "/api/v1/invitations/accept", { body: { token: tokenOf(String(invitation.url)), password: PASSWORD } });
  const [first, second] = [await invite(), await invite()];
  assert.match(String(second["url"]), /^http:\/\/127\.0\.0\.1:\d+\/join#[A-Za-z0-9_-]{40}$/);
  const listed = await owner.call("GET", "/api/v1/invitations");
  assert.deepEqual(
    (listed.json["data"] as { id: string }[]).map(({ id }) => id),
    [second["id"]],
  );
  assert.equal(listed.text.includes(tokenOf(String(second["url"]))), false);
  const someone = owner.cookie;
  assert.equal((await accept(first)).status, 401);
  clock.forward(3 * 86_400_000);
  owner = await setUpOwner(server);
  assert.equal((await accept(second)).status, 401);
  const third = await invite();
  assert.equal((await accept(third)).status, 200);
  owner = await setUpOwner(server);
  assert.notEqual(owner.cookie, someone);
  assert.equal((await accept(third)).status, 401);
  const taken = await owner.call("POST", "/api/v1/invitations", { body: { email: "new@TEAM.example", role: "viewer" } });
  assert.deepEqual([taken.status, taken.json["message"]], [409, "A member with the email new@team.example exists already."]);
});

test("an editor makes and revokes keys of workflows, and no admin key", async () => {
  const editor = await join(server, owner, "keys@team.example", "editor");
  const made = await editor.call("POST", "/api/v1/keys", { body: { workflows: ["echo"] } });
  assert.equal(made.status, 201, made.text);
  assert.equal((await editor.call("DELETE", `/api/v1/keys/${made.json["id"]}`)).status, 204);
  const admin = { workflows: [], scopes: ["admin"], role: "viewer" };
  assert.equal((await editor.call("POST", "/api/v1/keys", { body: admin })).json["type"], "/errors/role");
  const { json } = await owner.call("POST", "/api/v1/keys", { body: admin });
  for (const [method, rest, body] of [
    ["DELETE", "", undefined],
    ["POST", "/rotate", {}],
  ] as const)
    assert.equal((await editor.call(method, `/api/v1/keys/${json["id"]}${rest}`, { body })).json["type"], "/errors/role");
  const works = await server.call("GET", "/api/v1/workflows", { key: String(json["key"]) });
  assert.equal(works.status, 200);
});

test("an admin key of a smaller role is bounded by it on the run API as well", async () => {
  const keyOf = async (role: Role) => (await server.app.apiKeys.create("default", { scopes: ["admin"], role })).key;
  const invoke = async (role: Role) => (await server.invoke(await keyOf(role), { input: {} }, { "Millrace-Workflow": "echo" })).status;
  assert.deepEqual([await invoke("viewer"), await invoke("operator"), await invoke("editor"), await invoke("owner")], [403, 200, 200, 200]);
});

test("a role is for an admin key only", async () => {
  const answer = await owner.call("POST", "/api/v1/keys", { body: { workflows: ["echo"], role: "viewer" } });
  assert.deepEqual([answer.status, answer.json["message"]], [400, "role: only a key with the scope admin has one"]);
});
