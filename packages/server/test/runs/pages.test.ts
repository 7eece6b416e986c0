import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { DEFAULT_TENANT } from "#app";
import { drivesItself } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { document, echo, start } from "#testing/workflows";
import { Project } from "../cli/harness.ts";

/** Runs that are there, and that come while the list is read; to a Restate server each is ten times as dear, and the list is the same. */
const OLD = drivesItself ? 10_000 : 1_000;
const NEW = drivesItself ? 1_000 : 100;

/** Between two pages: all of them have come before the list is read to its end. */
const BETWEEN = 20;

/** Requests under way at once while runs are made. */
const AT_ONCE = 64;

describe("pages of a list that grows while it is read", { timeout: 300_000 }, () => {
  let server: TestServer;
  let admin: string;
  let key: string;
  let old: ReadonlySet<string>;
  before(async () => {
    server = await startTestServer();
    admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
    ({ key } = await server.publish(echo));
    old = new Set(await makeRuns(OLD));
    assert.equal(old.size, OLD);
  });
  after(() => server.close());

  async function makeRuns(count: number): Promise<string[]> {
    const made: string[] = [];
    let left = count;
    const maker = async (): Promise<void> => {
      while (left-- > 0) {
        const { status, json } = await server.invoke(key, { input: { value: "x" }, isAsync: true });
        assert.equal(status, 200, JSON.stringify(json));
        made.push(String(json["workflowRunId"]));
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, maker));
    return made;
  }

  /** The ids of all pages; `between` is done after each but the last. */
  async function readAll(path: string, limit: number, between: () => Promise<unknown>): Promise<string[]> {
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const { status, json } = await server.call("GET", `${path}?limit=${limit}${cursor}`, { key: admin });
      assert.equal(status, 200, JSON.stringify(json));
      seen.push(...(json["data"] as { id?: string; version?: string }[]).map(({ id, version }) => id ?? version ?? ""));
      if (json["nextCursor"] === undefined) return seen;
      cursor = `&cursor=${encodeURIComponent(String(json["nextCursor"]))}`;
      await between();
    }
  }

  function eachOnce(seen: readonly string[], there: ReadonlySet<string>): void {
    const ids = new Set(seen);
    assert.equal(seen.length - ids.size, 0, "twice");
    assert.deepEqual(
      [...there].filter((id) => !ids.has(id)),
      [],
      "left out",
    );
  }

  test(`L37: ${OLD} runs page by page while ${NEW} come in: none is there twice, none that was there is left out`, async () => {
    let made = 0;
    const seen = await readAll("/api/v1/runs", 100, async () => {
      if (made < NEW) made += (await makeRuns(BETWEEN)).length;
    });
    assert.equal(made, NEW);
    eachOnce(seen, old);
  });

  test(`L37: so is what \`runs list --limit 0\` prints while ${NEW} more come in`, async () => {
    const project = new Project();
    const env = { MILLRACE_ENDPOINT: `http://127.0.0.1:${server.port}`, MILLRACE_API_KEY: admin };
    const reading = { going: true };
    let made = 0;
    const making = (async () => {
      while (reading.going && made < NEW) made += (await makeRuns(10)).length;
    })();
    const { status, stdout, stderr } = await project.run(["runs", "list", "--limit", "0", "-o", "name"], { env });
    reading.going = false;
    await making;
    await project.dispose();
    assert.equal(status, 0, stderr);
    assert.ok(made > 0);
    eachOnce(stdout.trim().split("\n"), old);
  });

  const small = (name: string, text: string) => document(name, [start({}), { id: "end", type: "end", output: { text } }], ["start -> end"]);

  test("L37: workflows, while others are made whose names sort before and behind", async () => {
    const there = new Set<string>();
    for (let at = 0; at < 20; at++) there.add((await server.publish(small(`flow ${at}`, ""))).id);
    let made = 0;
    const seen = await readAll("/api/v1/workflows", 3, async () => {
      made += 1;
      if (made <= 10) for (const name of [`a ${made}`, `z ${made}`]) await server.publish(small(name, ""));
    });
    eachOnce(seen, there);
  });

  test("L37: versions, while others are published", async () => {
    const { id } = await server.publish(small("versions", "0"));
    const publish = (text: string) => server.app.authoring.deploy(DEFAULT_TENANT, small("versions", text), { publish: true });
    for (let at = 1; at < 12; at++) await publish(`${at}`);
    const there = new Set(await readAll(`/api/v1/workflows/${id}/versions`, 100, async () => {}));
    assert.equal(there.size, 12);
    let made = 0;
    eachOnce(await readAll(`/api/v1/workflows/${id}/versions`, 2, async () => publish(`new ${made++}`)), there);
  });
});
