import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "#testing/browser";
import { startTestServer, type TestServer } from "#testing/server";
import { ofOneServer } from "#testing/store-database";

// `millrace dev` lets people of its own machine in without a word: it, there, and nobody else.

let dev: TestServer;
let other: TestServer;
before(async () => {
  [dev, other] = await Promise.all([startTestServer(), startTestServer()]);
  const { row } = await dev.app.apiKeys.create("default", { scopes: ["admin"] });
  dev.app.operators.local.allow({ tenantId: "default", keyId: row.id });
});
after(() => Promise.all([dev.close(), other.close()]));

const PATH = "/api/v1/sign-in/local";

test("a page of the server on its own machine gets a session without a word", ofOneServer, async () => {
  const browser = new Browser(dev);
  assert.equal((await browser.call("GET", "/api/v1/setup")).json["local"], true);
  const answer = await browser.call("POST", PATH);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json["scopes"], ["admin"]);
  assert.equal((await browser.call("GET", "/api/v1/whoami")).status, 200);
  assert.equal((await browser.call("GET", "/api/v1/setup")).json["session"], true);
});

test("every other server refuses, and does not offer it", async () => {
  const browser = new Browser(other);
  assert.equal("local" in (await browser.call("GET", "/api/v1/setup")).json, false);
  const answer = await browser.call("POST", PATH);
  assert.equal(answer.status, 401);
  assert.equal(answer.headers["set-cookie"], undefined);
});

const FOREIGN: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["a program, which says nothing of a page", { "Sec-Fetch-Site": "" }],
  ["a page of another site", { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" }],
  ["a page of another port", { "Sec-Fetch-Site": "same-site", Origin: "http://127.0.0.1:1" }],
  ["a name that was pointed here", { Host: "evil.example", Origin: "http://evil.example" }],
  ["an address that is not this machine's", { Host: "192.0.2.1", Origin: "http://192.0.2.1" }],
  ["a proxy", { "X-Forwarded-For": "192.0.2.1" }],
  ["another proxy", { Forwarded: "for=192.0.2.1" }],
];

for (const [who, headers] of FOREIGN) {
  test(`not let in: ${who}`, async () => {
    const browser = new Browser(dev);
    const answer = await browser.call("POST", PATH, { headers });
    assert.ok([401, 403].includes(answer.status), String(answer.status));
    assert.equal(answer.headers["set-cookie"], undefined);
    const setup = await browser.call("GET", "/api/v1/setup", { headers });
    assert.equal("local" in setup.json, false);
  });
}
