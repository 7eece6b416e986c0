import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { JsonObject } from "@millrace/contract";
import { inChromium, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const said = (text: string): JsonObject =>
  document(
    "said",
    [
      start({ wait: { type: "boolean" } }),
      { id: "pick", type: "condition", cases: [{ port: "wait", when: "{{ start.wait ?? false }}" }] },
      { id: "ask", type: "approval", title: "Go on?" },
      { id: "end", type: "end", output: { text } },
    ],
    ["start -> pick", "pick.wait -> ask", "pick.else -> end", "ask.approve -> end"],
  );

const EVERY_MS = 20;

interface Called {
  readonly status: number;
  readonly run: JsonObject;
  readonly sentAt: number;
}

test(
  "C45 L29: a rollback under 50 requests a second: no error, the draft is the same to the byte, runs under way keep their version",
  inChromium,
  async () => {
    const { id, key } = await server.publish(said("one"));
    await server.app.authoring.deploy("default", said("two"), { publish: true });
    await server.app.authoring.deploy("default", said("three, a draft"), { publish: false });
    const browser = await owner(server);
    const draft = async () => JSON.stringify((await browser.call("GET", `/api/v1/workflows/${id}`)).json["document"]);
    const before = await draft();
    const waiting = String((await server.invoke(key, { input: { wait: true }, isAsync: true })).json["workflowRunId"]);
    const calls: Promise<Called>[] = [];
    const load = { going: true };
    const loading = (async () => {
      while (load.going) {
        const sentAt = performance.now();
        calls.push(server.invoke(key, { input: {} }).then(({ status, json }) => ({ status, run: json, sentAt })));
        await pause(EVERY_MS);
      }
    })();
    let movedAt = 0;
    await visit(server, {}, async (page) => {
      await page.goto(`/workflows/${id}/versions`);
      await page
        .getByRole("button", { name: /1\.0\.0/ })
        .last()
        .click();
      await page.getByRole("menuitem", { name: "Roll back to…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Make live" }).click();
      await page.getByText("1.0.0 is live").waitFor();
      movedAt = performance.now();
      while ((await Promise.all(calls)).filter(({ sentAt }) => sentAt > movedAt).length < 50) await pause(EVERY_MS);
    });
    load.going = false;
    await loading;
    const all = await Promise.all(calls);
    assert.deepEqual(
      all.filter(({ status, run }) => status !== 200 || run["status"] !== "SUCCEED").map(({ run }) => run),
      [],
    );
    const texts = (some: readonly Called[]) => new Set(some.map(({ run }) => (run["output"] as JsonObject)["text"]));
    assert.deepEqual([...texts(all)].sort(), ["one", "two"]);
    assert.deepEqual([...texts(all.filter(({ sentAt }) => sentAt > movedAt))], ["one"]);
    for (const { run } of all) assert.equal((run["output"] as JsonObject)["text"], run["workflowVersion"] === "1.0.0" ? "one" : "two");
    assert.equal(await draft(), before);
    const { json: held } = await browser.call("GET", `/api/v1/runs/${waiting}`);
    assert.deepEqual([held["version"], held["status"]], ["1.0.1", "RUNNING"]);
  },
);
