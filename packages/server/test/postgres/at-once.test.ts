import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { DEFAULT_TENANT } from "#app";
import { ATTEMPT_LIMITS } from "#members/attempt-limiter";
import { Browser, PASSWORD, setUpOwner } from "#testing/browser";
import { hasPostgres } from "#testing/database-servers";
import type { TestServer } from "#testing/server";
import { echo } from "#testing/workflows";
import { Processes } from "./harness.ts";

describe("what is changed at one process", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const processes = new Processes();
  before(() => processes.begin());
  afterEach(() => processes.close());
  after(() => processes.end());

  async function three(): Promise<readonly [TestServer, TestServer, TestServer]> {
    processes.newDatabase();
    return [await processes.open(), await processes.open(), await processes.open()];
  }

  test("is so at the others for the next call: the version that is live, and whether it may be called", async () => {
    const [one, other, third] = await three();
    const { id, key } = await one.publish(echo);
    // Whoever has answered once knows what is live.
    for (const server of [one, other, third]) assert.equal((await server.invoke(key, { input: { value: 0 } })).status, 200);
    for (let turn = 1; turn <= 10; turn++) {
      await one.publish({ ...echo, description: `turn ${turn}` });
      const versions = await Promise.all([other, third].map((server) => server.invoke(key, { input: { value: turn } })));
      assert.deepEqual(
        versions.map(({ json }) => json["workflowVersion"]),
        [`1.0.${turn}`, `1.0.${turn}`],
      );
    }
    await other.app.authoring.setApiEnabled(DEFAULT_TENANT, id, false);
    for (const server of [one, third]) assert.equal((await server.invoke(key, { input: { value: 1 } })).status, 403);
  });

  test("is so at the others for the next call: a key that is revoked", async () => {
    const [one, other, third] = await three();
    await one.publish(echo);
    for (let turn = 0; turn < 10; turn++) {
      const { key, row } = await one.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
      for (const server of [one, other, third]) assert.equal((await server.call("GET", "/api/v1/whoami", { key })).status, 200);
      await one.app.apiKeys.revoke(DEFAULT_TENANT, row.id);
      const refused = await Promise.all([other, third].map((server) => server.call("GET", "/api/v1/whoami", { key })));
      assert.deepEqual(
        refused.map(({ status }) => status),
        [401, 401],
      );
    }
  });

  test("is so at the others: a link to sign in that one of them made, once, and the one to set the server up", async () => {
    const [one, other, third] = await three();
    const { key, row } = await one.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const made = await one.call("POST", "/api/v1/sign-in-links", { key });
    const [, link] = String(made.json["url"]).split("#link=");
    const setup = await one.app.operators.members.openSetup(DEFAULT_TENANT);
    const opened = await new Browser(other).call("POST", "/api/v1/sign-in/link", { body: { token: link } });
    assert.deepEqual([opened.status, opened.json["keyId"]], [200, row.id], opened.text);
    for (const server of [one, third, other])
      assert.equal((await new Browser(server).call("POST", "/api/v1/sign-in/link", { body: { token: link } })).status, 401);
    const person = { token: setup, email: "owner@example.com", password: PASSWORD };
    assert.equal((await new Browser(third).call("POST", "/api/v1/setup", { body: person })).status, 200);
  });

  test("is so at the others for the next call: the token to set the server up is used", async () => {
    const [one, other, third] = await three();
    const token = (await one.app.operators.members.openSetup(DEFAULT_TENANT)) ?? "";
    // Without a request around it: on its way to another process one loses the time in which that is told.
    const setUp = ({ app }: TestServer) =>
      app.operators.members.setUp(DEFAULT_TENANT, token, { email: "owner@example.com", password: PASSWORD }, "192.0.2.1");
    await setUp(third);
    await assert.rejects(setUp(one), { type: "unauthorized" });
    await assert.rejects(setUp(other), { type: "unauthorized" });
  });

  test("is so at the others: a link that is used at all of them at once signs in once", async () => {
    const servers = await three();
    const [one] = servers;
    const { key } = await one.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    for (let turn = 0; turn < 10; turn++) {
      const made = await one.call("POST", "/api/v1/sign-in-links", { key });
      const [, token] = String(made.json["url"]).split("#link=");
      const used = servers.map((server) => new Browser(server).call("POST", "/api/v1/sign-in/link", { body: { token } }));
      assert.deepEqual((await Promise.all(used)).map(({ status }) => status).sort(), [200, 401, 401]);
    }
  });

  test("is so at the others for the next call: what may be spent", async () => {
    const [one, other, third] = await three();
    const { key } = await one.publish(echo);
    const { key: admin } = await one.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const statuses = async () =>
      (await Promise.all([other, third].map((server) => server.invoke(key, { input: {} })))).map(({ status }) => status);
    for (let turn = 0; turn < 10; turn++) {
      const { json, text } = await one.call("PUT", "/api/v1/budgets", { key: admin, body: { period: "total", credits: "0" } });
      assert.deepEqual(await statuses(), [402, 402], text);
      await one.call("DELETE", `/api/v1/budgets/${String(json["id"])}`, { key: admin });
      assert.deepEqual(await statuses(), [200, 200]);
    }
  });

  test("counts at the others: passwords and keys that were guessed are as many as one of them takes", async () => {
    const servers = await three();
    const heard = async () => {
      for (const { app } of servers) await app.store.shared?.told();
      for (const { app } of servers) await app.store.shared?.caughtUp();
    };
    const { account, keys } = ATTEMPT_LIMITS;
    const body = { email: "owner@example.com", password: "a wrong sentence" };
    const signIn = (n: number) => new Browser(servers[n % 3] ?? servers[0]).call("POST", "/api/v1/sign-in", { body });
    for (let n = 0; n < account.attempts; n++) {
      assert.equal((await signIn(n)).status, 401);
      await heard();
    }
    for (let n = 0; n < 3; n++) assert.equal((await signIn(n)).status, 429);
    const guess = (n: number) => (servers[n % 3] ?? servers[0]).call("GET", "/api/v1/whoami", { key: `mr_guess${n}` });
    for (let n = 0; n < keys.attempts; n++) {
      assert.equal((await guess(n)).status, 401);
      await heard();
    }
    for (let n = 0; n < 3; n++) assert.equal((await guess(n)).status, 429);
  });

  test("counts at the others no more when it was right", async () => {
    const [one, other] = await three();
    await setUpOwner(one);
    for (let n = 0; n < ATTEMPT_LIMITS.account.attempts + 2; n++) {
      assert.equal((await new Browser(n % 2 === 0 ? one : other).signIn("owner@example.com")).status, 200);
      await one.app.store.shared?.told();
      await other.app.store.shared?.caughtUp();
    }
  });
});
