import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type JsonObject, LIMITS } from "@millrace/contract";
import { loggedPath } from "#http/request";
import { asking, World } from "./harness.ts";

const world = new World();
let key = "";

before(async () => {
  await world.open();
  ({ key } = await world.server.publish(asking("plain", { timeout: { afterMs: 60_000 } })));
});
after(() => world.close());

async function problemsOf(config: JsonObject): Promise<readonly string[]> {
  const document = asking("limits", config);
  const { json } = await world.server.call("POST", "/api/v1/validate", { key: world.admin, body: { document } });
  return (json["problems"] as { path: string }[]).filter(({ path }) => path.startsWith("/nodes/1")).map(({ path }) => path);
}

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

test("actions, fields and people have their limits, on both sides", async () => {
  // The edges need the first two; the rest lead nowhere, which is no problem of the node.
  const actions = (count: number) => ["approve", "reject", ...times(count - 2, (n) => `a${n}`)].map((name) => ({ name }));
  const form = (count: number) => ({ properties: Object.fromEntries(times(count, (n) => [`f${n}`, { type: "string" }])) });
  const people = (count: number) => times(count, (n) => `p${n}`);
  const [action, field, person] = [LIMITS.approvalActions.value, LIMITS.approvalFields.value, LIMITS.approvers.value];
  assert.deepEqual(await problemsOf({ actions: actions(action), form: form(field), approvers: { people: people(person) } }), []);
  assert.deepEqual(await problemsOf({ actions: actions(action + 1) }), ["/nodes/1/actions"]);
  assert.deepEqual(await problemsOf({ form: form(field + 1) }), ["/nodes/1/form/properties"]);
  assert.equal((await problemsOf({ approvers: { people: people(person + 1) } }))[0], "/nodes/1/approvers/people");
  const name = (length: number) => ({ actions: [{ name: "approve" }, { name: "reject" }, { name: "a".repeat(length) }] });
  assert.deepEqual(await problemsOf(name(LIMITS.actionNameCharacters.value)), []);
  assert.deepEqual(await problemsOf(name(LIMITS.actionNameCharacters.value + 1)), ["/nodes/1/actions/2/name"]);
});

test("a title is cut where it is too long", async () => {
  const { key: shows } = await world.server.publish(asking("shows", { title: "{{ start.order }}" }));
  const most = LIMITS.approvalTitleCharacters.value;
  const titles = ["😀".repeat(most), "😀".repeat(most + 1)];
  const shown = await Promise.all(titles.map(async (order) => (await world.read((await world.ask(shows, { order })).id)).title));
  assert.deepEqual(shown, [titles[0], `${"😀".repeat(most - 1)}…`]);
});

test("what is shown may come to 64 KiB; a byte more fails the node", async () => {
  const { key: large } = await world.server.publish(asking("large", { title: "Large", details: "{{ start.order }}" }));
  const { title, details, actions, approvers } = await world.read((await world.ask(large, { order: "" })).id);
  const room = LIMITS.approvalBytes.value - Buffer.byteLength(JSON.stringify({ title, details, actions, approvers }));
  const { id } = await world.ask(large, { order: "x".repeat(room) });
  assert.equal(String((await world.read(id)).details).length, room);
  const { json } = await world.server.invoke(large, { input: { order: "x".repeat(room + 1) }, isAsync: true });
  const { status, error } = await world.ended(large, String(json["workflowRunId"]));
  assert.deepEqual([status, (error as JsonObject)["type"]], ["FAILED", "limit_exceeded"]);
});

test("a comment and a link have their limits, on both sides", async () => {
  const most = LIMITS.approvalCommentCharacters.value;
  const { id } = await world.ask(key);
  const hours = LIMITS.approvalLinkHours.value;
  const link = async (person: string, expiresInHours: number) =>
    (await world.call("POST", `/${id}/links`, { for: person, expiresInHours })).status;
  assert.deepEqual([await link("ann", hours), await link("ann", hours + 1), await link("ann", 0)], [201, 400, 400]);
  const name = "名".repeat(LIMITS.approverCharacters.value);
  assert.deepEqual([await link(name, 1), await link(`${name}x`, 1), await link("  ", 1)], [201, 400, 400]);
  const { json } = await world.call("POST", `/${id}/links`, { for: name });
  const path = new URL(String(json["url"])).pathname;
  assert.equal((await world.server.call("GET", path)).status, 200);
  assert.equal((await world.decide(id, { action: "approve", comment: "x".repeat(most + 1) })).status, 400);
  assert.equal((await world.decide(id, { action: "approve", comment: "x".repeat(most) })).status, 200);
});

test("S16 no log names a link", () => {
  assert.equal(loggedPath("/approvals/mra_secret.mac?x=1"), "/approvals/***");
  assert.equal(loggedPath("/api/v1/approvals/an-id"), "/api/v1/approvals/an-id");
});
