import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { JsonObject } from "@millrace/contract";
import { join, setUpOwner } from "#testing/browser";
import { ofOwnClock } from "#testing/run-engine";
import { document, start } from "#testing/workflows";
import { EventStream } from "../wire/event-stream.ts";
import { AMOUNT, asking, HOUR_MS, World } from "./harness.ts";

/** Of a time limit that a test waits for. */
const SHORT_MS = 1_500;

const world = new World();
const keys: { [name: string]: string } = {};

before(async () => {
  await world.open();
  const each = document(
    "each",
    [
      start({}),
      {
        id: "each",
        type: "batch",
        items: [1, 2],
        collect: "{{ ask.action }}",
        body: { nodes: [{ id: "ask", type: "approval", title: "Item {{ item }}?" }], edges: [] },
      },
      { id: "end", type: "end", output: { actions: "{{ each.items }}" } },
    ],
    ["start -> each", "each -> end"],
  );
  const calling = document(
    "calling",
    [
      start({}),
      { id: "sub", type: "workflow", workflow: "plain", input: {} },
      { id: "end", type: "end", output: { got: "{{ sub.action }}" } },
    ],
    ["start -> sub", "sub -> end"],
  );
  const again = document(
    "again",
    [
      start({}),
      { id: "ask", type: "approval", title: "Go on?" },
      { id: "boom", type: "code", code: "throw new Error('no luck');" },
      { id: "end", type: "end", output: {} },
    ],
    ["start -> ask", "ask.approve -> boom", "boom -> end"],
  );
  for (const workflow of [
    asking("plain"),
    asking("filled", { form: AMOUNT, message: "It broke.", details: { order: "{{ start.order }}" } }),
    asking("short", { timeout: { afterMs: SHORT_MS } }),
    asking("two", { approvers: { needed: 2 } }),
    asking("named", { approvers: { people: ["ann@example.org", "bob"], needed: "all" } }),
    asking("owners", { approvers: { roles: ["owner"] } }),
    each,
    calling,
    again,
  ])
    keys[String(workflow["name"])] = (await world.server.publish(workflow)).key;
});
after(() => world.close());

const keyOf = (name: string): string => keys[name] ?? "";
const typeOf = ({ json }: { json: JsonObject }) => json["type"];

test("a run that waits for people names the approval, and goes on with the decision; its cost is none", async () => {
  const key = keyOf("filled");
  const { runId, id } = await world.ask(key, { order: "B-2" });
  const { waitingFor } = (await world.server.query(key, runId)).json as { waitingFor: JsonObject };
  const { since, until, ...named } = waitingFor;
  const ref = { approvalId: id, approvalPath: `/api/v1/approvals/${id}` };
  assert.deepEqual([named, Number(until) - Number(since)], [{ type: "human", nodeId: "ask", nodeName: "Ask", ...ref }, HOUR_MS]);
  const open = await world.read(id);
  assert.deepEqual(
    [open.title, open.message, open.details, open.status, open.mine],
    ["Refund B-2?", "It broke.", { order: "B-2" }, "OPEN", true],
  );
  const decided = await world.decide(id, { action: "approve", form: { amount: 12 }, comment: " Fine. " });
  assert.equal(decided.status, 200, decided.text);
  const { decision, mine, status } = decided.json as JsonObject & { decision: JsonObject };
  assert.deepEqual([status, mine, decision["action"], decision["comment"]], ["DECIDED", false, "approve", "Fine."]);
  const { output, totalCost } = await world.ended(key, runId);
  assert.deepEqual([output, totalCost], [{ port: "approve", action: "approve", form: { amount: 12 }, by: decision["by"] }, 0]);
});

test("C49 the same decision twice is one; another is refused and names the first", async () => {
  const key = keyOf("filled");
  const { runId, id } = await world.ask(key);
  const first = { action: "approve", form: { amount: 5 } };
  assert.equal((await world.decide(id, first)).status, 200);
  await world.ended(key, runId);
  assert.equal((await world.decide(id, first)).status, 200);
  for (const other of [{ action: "reject" }, { action: "approve", form: { amount: 6 } }]) {
    const refused = await world.decide(id, other);
    assert.deepEqual([refused.status, typeOf(refused)], [409, "/errors/conflict"]);
    assert.match(String(refused.json["message"]), /^Decided already: approve, by .+, at \d{4}-/);
  }
});

test("a form is checked field by field, and the approval stays open", async () => {
  const { id } = await world.ask(keyOf("filled"));
  const faultOf = async (body: object) => {
    const { status, json } = await world.decide(id, body);
    return [status, (json["errors"] as { path: string }[])[0]?.path];
  };
  assert.deepEqual(await faultOf({ action: "approve" }), [400, "/form/amount"]);
  assert.deepEqual(await faultOf({ action: "approve", form: { amount: -1 } }), [400, "/form/amount"]);
  assert.deepEqual(await faultOf({ action: "approve", form: { amount: 1, other: 2 } }), [400, "/form/other"]);
  assert.deepEqual(await faultOf({ action: "reject", form: { amount: 1 } }), [400, "/form"]);
  assert.deepEqual(await faultOf({ action: "burn" }), [400, "/action"]);
  assert.equal((await world.read(id)).status, "OPEN");
  const refused = await world.call("POST", `/${id}/decide`, { action: "approve" }, { "Accept-Language": "ja" });
  assert.match(String(refused.json["message"]), /form\.amount/);
});

test("two who decide at the same moment: one decision, and the other is told of it", async () => {
  for (let round = 0; round < 10; round++) {
    const key = keyOf("plain");
    const { runId, id } = await world.ask(key);
    const answers = await Promise.all([world.decide(id, { action: "approve" }), world.decide(id, { action: "reject" })]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    const won = answers[0]?.status === 200 ? "approve" : "reject";
    assert.equal((await world.output(key, runId))["action"], won);
    const { data } = (await world.server.call("GET", `/api/v1/runs/${runId}/journal?limit=100`, { key: world.admin })).json as {
      data: JsonObject[];
    };
    assert.equal(data.filter(({ type }) => type === "question-answered").length, 1);
  }
});

test("R8 a decision and the time limit at the same moment: one of them, and both say which", ofOwnClock, async () => {
  const seen = new Set<unknown>();
  for (let round = 0; round < 20; round++) {
    const key = keyOf("plain");
    const { runId, id } = await world.ask(key);
    if (round % 2 === 0) await world.asleep(runId);
    const deciding = world.decide(id, { action: "approve" });
    if (round % 4 < 2) await new Promise((resolve) => setImmediate(resolve));
    world.clock.forward(HOUR_MS);
    const { status } = await deciding;
    const { action } = await world.output(key, runId);
    assert.equal(action, status === 200 ? "approve" : "timeout");
    assert.equal((await world.read(id)).status, status === 200 ? "DECIDED" : "TIMED_OUT");
    seen.add(action);
  }
  assert.ok(seen.size > 0);
});

test("R14 a decision and a cancellation at the same moment: one of them, and the approval says which", async () => {
  for (let round = 0; round < 10; round++) {
    const key = keyOf("plain");
    const { runId, id } = await world.ask(key);
    const cancel = () => world.server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: runId } });
    const decide = () => world.decide(id, { action: "approve" });
    const [decided] = await Promise.all(round % 2 === 0 ? [decide(), cancel()] : [cancel().then(decide), null]);
    const { status } = await world.read(id);
    // A decision that was taken may still meet the cancellation behind it.
    assert.equal(status, decided?.status === 200 ? "DECIDED" : "CANCELLED");
    assert.ok(["SUCCEED", "FAILED"].includes(String((await world.ended(key, runId))["status"])));
  }
});

test("R7 it survives a restart, and is decided afterwards", async () => {
  const key = keyOf("plain");
  const { runId, id } = await world.ask(key);
  await world.asleep(runId);
  await world.restart();
  assert.equal((await world.decide(id, { action: "reject", comment: "no" })).status, 200);
  assert.equal((await world.output(key, runId))["port"], "reject");
});

test("R7 R8 it times out over a restart", ofOwnClock, async () => {
  const key = keyOf("plain");
  const { runId, id } = await world.ask(key);
  await world.restart(() => world.clock.forward(HOUR_MS));
  assert.deepEqual(await world.output(key, runId), { port: "timeout", action: "timeout", form: {}, by: null });
  const late = await world.decide(id, { action: "approve" });
  assert.deepEqual([late.status, (await world.read(id)).status], [409, "TIMED_OUT"]);
  assert.match(String(late.json["message"]), /time limit/);
});

test("R8 what is decided after the time limit comes too late, also where no timer has noticed yet that it is over", async () => {
  const key = keyOf("plain");
  for (const isAsleep of [false, true]) {
    const { runId, id } = await world.ask(key);
    if (isAsleep) await world.asleep(runId);
    world.unnoticedMs = HOUR_MS;
    const { status, json } = await world.decide(id, { action: "approve" });
    world.unnoticedMs = 0;
    assert.equal(status, 409);
    assert.match(String(json["message"]), /time limit/);
    assert.equal((await world.output(key, runId))["port"], "timeout");
  }
});

test("R8 never early: a moment before its time an approval is still open, over a restart", ofOwnClock, async () => {
  const key = keyOf("plain");
  const { runId, id } = await world.ask(key);
  await world.restart(() => world.clock.forward(HOUR_MS - 30_000));
  assert.equal((await world.read(id)).status, "OPEN");
  world.clock.forward(30_000);
  assert.equal((await world.output(key, runId))["port"], "timeout");
});

test("R7 R8 a short time limit is over when it is, over a restart, and never early", async () => {
  const key = keyOf("short");
  const { runId, id } = await world.ask(key);
  const { until } = await world.read(id);
  await world.restart();
  assert.deepEqual(await world.output(key, runId), { port: "timeout", action: "timeout", form: {}, by: null });
  assert.ok(world.clock.now() >= Number(until));
  const late = await world.decide(id, { action: "approve" });
  assert.deepEqual([late.status, (await world.read(id)).status], [409, "TIMED_OUT"]);
});

test("R8 a decision when a short time limit is over: one of them, and both say which", async () => {
  for (const early of [40, 20, 10, 0, -10]) {
    const key = keyOf("short");
    const { runId, id } = await world.ask(key);
    const { until } = await world.read(id);
    await setTimeout(Number(until) - early - world.clock.now());
    const { status } = await world.decide(id, { action: "approve" });
    assert.equal((await world.output(key, runId))["action"], status === 200 ? "approve" : "timeout");
    assert.equal((await world.read(id)).status, status === 200 ? "DECIDED" : "TIMED_OUT");
  }
});

test("a person counts once where two have to agree, and a rejection ends it at once", async () => {
  const key = keyOf("two");
  const owner = await setUpOwner(world.server);
  const operator = await join(world.server, owner, "op@team.example", "operator");
  const decideAs = (browser: typeof owner, id: string, action: string) =>
    browser.call("POST", `/api/v1/approvals/${id}/decide`, { body: { action } });
  const { runId, id } = await world.ask(key);
  assert.equal((await decideAs(owner, id, "approve")).json["status"], "OPEN");
  assert.equal((await decideAs(owner, id, "approve")).status, 200);
  const changed = await decideAs(owner, id, "reject");
  assert.equal(changed.status, 409);
  assert.match(String(changed.json["message"]), /^You have answered already: approve/);
  assert.deepEqual([(await world.read(id)).answers.length, (await world.list(`?run=${runId}`)).length], [1, 1]);
  assert.equal((await decideAs(operator, id, "approve")).json["status"], "DECIDED");
  assert.deepEqual((await world.output(key, runId))["by"], "op@team.example");
  const other = await world.ask(key);
  assert.equal((await decideAs(operator, other.id, "reject")).json["status"], "DECIDED");
  const viewer = await join(world.server, owner, "viewer@team.example", "viewer");
  const third = await world.ask(key);
  assert.deepEqual(
    [typeOf(await decideAs(viewer, third.id, "approve")), (await viewer.call("GET", `/api/v1/approvals/${third.id}`)).status],
    ["/errors/role", 200],
  );
  const owned = await world.ask(keyOf("owners"));
  assert.equal(typeOf(await decideAs(operator, owned.id, "approve")), "/errors/not_approver");
  assert.equal(typeOf(await world.decide(owned.id, { action: "approve" })), "/errors/not_approver");
  const mine = async (browser: typeof owner) => {
    const { data } = (await browser.call("GET", "/api/v1/approvals?mine=true")).json as { data: { id: string }[] };
    return data.some((one) => one.id === owned.id);
  };
  assert.deepEqual([await mine(owner), await mine(operator)], [true, false]);
  assert.equal((await decideAs(owner, owned.id, "approve")).json["status"], "DECIDED");
  const { data } = (await owner.call("GET", `/api/v1/audit?action=decideApproval&target=${owned.id}`)).json as { data: JsonObject[] };
  assert.deepEqual(
    data.map(({ result }) => result),
    ["done", "refused", "refused"],
  );
});

test("in a batch each item asks for itself; in a called workflow the caller goes on with the decision", async () => {
  const key = keyOf("each");
  const { runId } = await world.ask(key);
  let open = await world.list(`?run=${runId}`);
  while (open.length < 2) open = await world.list(`?run=${runId}`);
  assert.deepEqual(open.map(({ path, title }) => [path, title]).sort(), [
    ["each[0]/ask", "Item 1?"],
    ["each[1]/ask", "Item 2?"],
  ]);
  for (const { id, path } of open) await world.decide(id, { action: path === "each[0]/ask" ? "reject" : "approve" });
  assert.deepEqual(await world.output(key, runId), { actions: ["reject", "approve"] });
  const { json } = await world.server.invoke(keyOf("calling"), { input: {}, isAsync: true });
  let asked = await world.list("?workflow=plain");
  while (asked.length === 0) asked = await world.list("?workflow=plain");
  for (const { id } of asked) await world.decide(id, { action: "approve" });
  assert.deepEqual(await world.output(keyOf("calling"), String(json["workflowRunId"])), { got: "approve" });
});

test("a replay keeps the decision and asks nobody again", async () => {
  const key = keyOf("again");
  const { runId, id } = await world.ask(key);
  await world.decide(id, { action: "approve" });
  assert.equal((await world.ended(key, runId))["status"], "FAILED");
  const { json } = await world.server.call("POST", "/v1/workflow/run/retry", { key, body: { workflowRunId: runId } });
  const second = String(json["workflowRunId"]);
  assert.equal((await world.ended(key, second))["status"], "FAILED");
  assert.deepEqual(await world.list(`?run=${second}&status=ALL`), []);
});

test("lists are of a state, in pages; an event says what is asked", async () => {
  const key = keyOf("plain");
  const { runId, id } = await world.ask(key);
  const stream = await EventStream.open(world.server, runId, { key });
  const { data } = await stream.until(({ event }) => event === "run.waiting");
  assert.deepEqual([data["type"], data["approvalId"], data["title"]], ["human", id, "Refund A-17?"]);
  stream.cut();
  const page = (await world.call("GET", "?status=ALL&limit=2")).json as { data: { id: string }[]; nextCursor: string };
  const next = (await world.call("GET", `?status=ALL&limit=2&cursor=${page.nextCursor}`)).json as { data: { id: string }[] };
  assert.equal(new Set([...page.data, ...next.data].map((one) => one.id)).size, 4);
  assert.ok((await world.list("?status=TIMED_OUT")).every(({ status }) => status === "TIMED_OUT"));
  assert.deepEqual([(await world.call("GET", "/nothing")).status, (await world.call("GET", "?workflow=nobodys")).status], [404, 404]);
});
