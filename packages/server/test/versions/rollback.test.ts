import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

/** Callers at once; each asks again as soon as it has its answer. */
const CALLERS = 8;

/** Times that the live pointer moves meanwhile. */
const MOVES = 60;

let server: TestServer;
let admin: string;
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
});
after(() => server.close());

/** Says which edit it is, and as which version it runs. */
function edition(name: string, edit: string, before: readonly JsonObject[] = []): JsonObject {
  const nodes = [start({}), ...before, { id: "end", type: "end", output: { edit, version: "{{ workflow.version }}" } }];
  const ids = nodes.map(({ id }) => String(id));
  return document(
    name,
    nodes,
    ids.slice(1).map((id, index) => `${ids[index]} -> ${id}`),
  );
}

const EDITS: { readonly [version: string]: string } = { "1.0.0": "one", "1.0.1": "two" };

/** null: the run is whole, and of the version that it says. */
function fault({ status, json, text }: Answer): string | null {
  const version = String(json["workflowVersion"]);
  const { edit, version: own } = (json["output"] ?? {}) as JsonObject;
  return status === 200 && json["status"] === "SUCCEED" && edit === EDITS[version] && own === version ? null : text;
}

test("W33 while the live version moves to and fro, every call is answered, each in one version; the draft is the same", async () => {
  const { id, key } = await server.publish(edition("moving", "one"));
  await server.publish(edition("moving", "two"));
  const path = `/api/v1/workflows/${id}`;
  const before = (await server.call("GET", path, { key: admin })).json;
  const faults: string[] = [];
  const seen = new Set<unknown>();
  let moved = false;
  let answers = 0;
  const call = async () => {
    while (!moved) {
      const answer = await server.invoke(key, { input: {} });
      answers += 1;
      seen.add(answer.json["workflowVersion"]);
      const found = fault(answer);
      if (found !== null) faults.push(found);
    }
  };
  const callers = Array.from({ length: CALLERS }, call);
  for (let move = 0; move < MOVES; move++) {
    const version = move % 2 === 0 ? "1.0.0" : "1.0.1";
    const { json } = await server.call("POST", `${path}/promote`, { key: admin, body: { version } });
    assert.equal(json["version"], version);
    // Whoever asks after the answer gets what it says.
    assert.equal((await server.invoke(key, { input: {} })).json["workflowVersion"], version);
    const { json: listed } = await server.call("GET", `${path}/versions`, { key: admin });
    assert.deepEqual(
      (listed["data"] as JsonObject[]).filter(({ live }) => live === true).map((row) => row["version"]),
      [version],
    );
  }
  moved = true;
  await Promise.all(callers);
  assert.deepEqual(faults, []);
  assert.ok(answers > 0);
  assert.deepEqual(seen, new Set(Object.keys(EDITS)));
  const { document: draft, revision } = (await server.call("GET", path, { key: admin })).json;
  assert.deepEqual([draft, revision], [before["document"], before["revision"]]);
});

test("a copy that is released while calls come in is live in one step", async () => {
  const { id, key } = await server.publish(edition("copies", "one"), ["invoke", "query", "version"]);
  const callers = Array.from({ length: CALLERS }, async () => {
    const answers: Answer[] = [];
    for (let n = 0; n < 10; n++) answers.push(await server.invoke(key, { input: {} }));
    return answers;
  });
  for (let n = 0; n < 5; n++) {
    const body = { version: "1.0.0", release: true };
    const { json } = await server.call("POST", "/v1/workflow/version/rollback", { key, body });
    assert.equal((json["data"] as JsonObject)["released"], true);
  }
  for (const { status, json, text } of (await Promise.all(callers)).flat()) {
    const { edit, version } = json["output"] as JsonObject;
    assert.deepEqual([status, edit, version], [200, "one", json["workflowVersion"]], text);
  }
  assert.equal((await server.app.store.workflows.get("default", id))?.liveVersion, "1.0.5");
});

test("W18 a run that is under way stays in its version, whatever goes live and is published meanwhile", async () => {
  const waits = { id: "wait", type: "signal", signal: "go" };
  const { id, key } = await server.publish(edition("waiting", "one", [waits]));
  const { json: accepted } = await server.invoke(key, { input: {}, isAsync: true });
  await server.publish(edition("waiting", "two", [waits]));
  await server.call("POST", `/api/v1/workflows/${id}/promote`, { key: admin, body: { version: "1.0.0" } });
  await server.call("POST", `/api/v1/workflows/${id}/promote`, { key: admin, body: { version: "1.0.1" } });
  const run = accepted["workflowRunId"];
  await server.call("POST", "/v1/workflow/run/signal", { key, body: { workflowRunId: run, name: "go" } });
  let answer = await server.query(key, run);
  while (answer.json["status"] === "RUNNING" || answer.json["status"] === "PENDING") answer = await server.query(key, run);
  assert.equal(fault(answer), null, answer.text);
  assert.equal(answer.json["workflowVersion"], "1.0.0");
});

test("Millrace-Version chooses another version than the live one, and the draft with its scope", async () => {
  const { id, key } = await server.publish(edition("chosen", "one"));
  await server.publish(edition("chosen", "two"));
  await server.app.authoring.saveDraft("default", id, edition("chosen", "three"));
  const { key: drafting } = await server.app.apiKeys.create("default", { workflows: [id], scopes: ["invoke", "draft"] });
  const edit = async (version: string, with_: string) => {
    const { status, json } = await server.invoke(with_, { input: {} }, { "Millrace-Version": version });
    return status === 200 ? (json["output"] as JsonObject)["edit"] : [status, json["code"]];
  };
  assert.equal(await edit("1.0.0", key), "one");
  assert.deepEqual(await edit("9.9.9", key), [400, 403203]);
  assert.deepEqual(await edit("draft", key), [403, 20055]);
  assert.equal(await edit("draft", drafting), "three");
});
