import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Browser, PASSWORD, setUpOwner } from "#testing/browser";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

let server: TestServer;
let owner: Browser;
before(async () => {
  server = await startTestServer();
  await server.publish(echo);
  owner = await setUpOwner(server);
});
after(() => server.close());

const JSON_TYPE = { "Content-Type": "application/json" };
const BODY = JSON.stringify({ apiEnabled: false });

/** What a browser sends for a page of another site, though it had the cookie with it. */
const FORGED: readonly (readonly [string, { readonly [name: string]: string }])[] = [
  ["a form of another site", { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain" }],
  ["a script of another site", { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site", ...JSON_TYPE }],
  ["another port of this host", { Origin: "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site", ...JSON_TYPE }],
  ["a frame without an origin", { Origin: "null", ...JSON_TYPE }],
  ["an old browser, of another site", { Origin: "http://evil.example", ...JSON_TYPE }],
  ["a request that says nothing", JSON_TYPE],
];

async function apiEnabled(): Promise<unknown> {
  return (await owner.call("GET", "/api/v1/workflows/echo")).json["apiEnabled"];
}

for (const [what, headers] of FORGED) {
  test(`S10 ${what} changes nothing with the cookie`, async () => {
    const answer = await server.call("PATCH", "/api/v1/workflows/echo", {
      headers: { Host: owner.host, Cookie: owner.cookie, ...headers },
      body: BODY,
    });
    assert.deepEqual([answer.status, answer.json["type"]], [403, "/errors/foreign_origin"], answer.text);
    assert.equal(await apiEnabled(), true);
  });
}

test("S10 a body of another type than JSON is refused from the own origin too", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
    const answer = await owner.call("PATCH", "/api/v1/workflows/echo", { headers: { "Content-Type": type }, body: { apiEnabled: false } });
    assert.deepEqual([answer.status, answer.json["type"]], [403, "/errors/foreign_origin"], type);
  }
  assert.equal(await apiEnabled(), true);
});

test("S10 the route that takes files of a form takes them from the own origin alone", async () => {
  await owner.call("POST", "/api/v1/knowledge", { body: { name: "notes" } });
  const form = { "Content-Type": "multipart/form-data; boundary=x" };
  const body = '--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\ntext\r\n--x--\r\n';
  for (const [what, headers] of FORGED) {
    const sent = { headers: { Host: owner.host, Cookie: owner.cookie, ...headers, ...form }, body };
    const answer = await server.call("POST", "/api/v1/knowledge/notes/files", sent);
    assert.deepEqual([answer.status, answer.json["type"]], [403, "/errors/foreign_origin"], what);
  }
  const own = await owner.call("POST", "/api/v1/knowledge/notes/files", { headers: form, body });
  assert.equal(own.status, 202, own.text);
});

test("the server's own page changes what it asks for", async () => {
  for (const enabled of [false, true]) {
    const answer = await owner.call("PATCH", "/api/v1/workflows/echo", { body: { apiEnabled: enabled } });
    assert.deepEqual([answer.status, answer.json["apiEnabled"]], [200, enabled], answer.text);
  }
});

test("S10 a foreign host name is refused, before and with a session; addresses and localhost are not", async () => {
  const { port } = server;
  for (const [host, status] of [
    ["evil.example", 403],
    [`evil.example:${port}`, 403],
    ["127.0.0.1.evil.example", 403],
    [`localhost:${port}`, 200],
    [`[::1]:${port}`, 200],
    [`192.0.2.1:${port}`, 200],
  ] as const) {
    const browser = new Browser(server, host);
    const answer = await browser.signIn("owner@example.com");
    assert.equal(answer.status, status, `${host} ${answer.text}`);
    if (status === 403) assert.match(String(answer.json["message"]), /set MILLRACE_PUBLIC_URL/);
    const stolen = `millrace_80=${owner.cookie.split("=")[1]}; ${owner.cookie}`;
    const read = await browser.call("GET", "/api/v1/whoami", { headers: { Cookie: browser.cookie || stolen } });
    assert.equal(read.status, status, `${host} ${read.text}`);
  }
});

test("another site can neither sign somebody in nor set the server up", async () => {
  const headers = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site", ...JSON_TYPE };
  for (const [path, body] of [
    ["/api/v1/sign-in", { email: "owner@example.com", password: PASSWORD }],
    ["/api/v1/sign-in/link", { token: "x" }],
    ["/api/v1/setup", { token: "x", email: "a@b", password: PASSWORD }],
    ["/api/v1/invitations/accept", { token: "x", password: PASSWORD }],
  ] as const) {
    const answer = await server.call("POST", path, { headers, body });
    assert.deepEqual([answer.status, answer.headers["set-cookie"]], [403, undefined], path);
  }
});

test("S10 no page of the console can be put into a frame, nor run a script that is not its own", async () => {
  for (const path of ["/", "/login", "/setup", "/join", "/workflows", "/runs", "/errors/scope"]) {
    const { status, headers } = await server.call("GET", path, { headers: { Accept: "text/html" } });
    assert.equal(status, 200, path);
    const policy = String(headers["content-security-policy"]);
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"])
      assert.ok(policy.includes(part), `${path} ${part}`);
  }
});

test("a key needs no origin, no host and no type: no browser sends it by itself", async () => {
  const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  const headers = { Host: "anything.example", Origin: "https://elsewhere.example" };
  const answer = await server.call("PATCH", "/api/v1/workflows/echo", { key, headers, body: { apiEnabled: true } });
  assert.equal(answer.status, 200, answer.text);
});

test("a key beside the cookie decides, and a wrong one is not made good by the cookie", async () => {
  const answer = await server.call("GET", "/api/v1/whoami", { key: "mr_wrong", headers: { Cookie: owner.cookie } });
  assert.equal(answer.status, 401);
});

test("the run API takes no session", async () => {
  const answer = await owner.call("POST", "/v1/workflow/invoke", { body: { input: {} }, headers: { "Millrace-Workflow": "echo" } });
  assert.deepEqual([answer.status, answer.json["code"]], [401, 40127]);
});

describe("behind a proxy that speaks https", () => {
  test("the cookie is bound to host and https, by the public URL or by a trusted proxy's word alone", async () => {
    const publicUrl = "https://millrace.example.com";
    const behind = await startTestServer({ settings: { publicUrl, trustedProxies: "127.0.0.0/8" } });
    await behind.app.operators.members.putOwner("default", { email: "a@b", password: PASSWORD });
    const signIn = (host: string, headers: { readonly [name: string]: string }) =>
      behind.call("POST", "/api/v1/sign-in", {
        headers: { Host: host, ...JSON_TYPE, ...headers },
        body: { email: "a@b", password: PASSWORD },
      });
    for (const [host, headers, name] of [
      ["millrace.example.com", { Origin: publicUrl }, "__Host-millrace"],
      ["192.0.2.7", { "X-Forwarded-Proto": "https" }, "__Host-millrace"],
      [`127.0.0.1:${behind.port}`, {}, `millrace_${behind.port}`],
    ] as const) {
      const answer = await signIn(host, headers);
      const [cookie = ""] = answer.headers["set-cookie"] ?? [];
      assert.deepEqual([answer.status, cookie.split("=")[0], cookie.endsWith("; Secure")], [200, name, name === "__Host-millrace"], host);
    }
    const untrusted = await startTestServer();
    const answer = await untrusted.call("GET", "/api/v1/setup", { headers: { "X-Forwarded-Proto": "https" } });
    assert.deepEqual(answer.json, { needed: true });
    await untrusted.close();
    await behind.close();
  });
});
