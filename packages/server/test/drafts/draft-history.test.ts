import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { type Browser, join, setUpOwner } from "#testing/browser";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

let server: TestServer;
let owner: Browser;
let other: Browser;
before(async () => {
  server = await startTestServer();
  owner = await setUpOwner(server);
  other = await join(server, owner, "ben@team.example", "editor");
});
after(() => server.close());

const documentOf = (name: string, description: string): JsonObject => ({ ...echo, name, description });
const bodyOf = (name: string, description: string, more: object) => ({ body: { document: documentOf(name, description), ...more } });

async function made(name: string): Promise<string> {
  const { json } = await owner.call("POST", "/api/v1/workflows", { body: { document: documentOf(name, "first") } });
  return `/api/v1/workflows/${String(json["id"])}`;
}

test("a save that comes too late is refused with both revisions and who was faster; each side can be reached from then on", async () => {
  const path = await made("conflict");
  const saved = await owner.call("PUT", `${path}/draft`, bodyOf("conflict", "owner's", { ifRevision: 1, editor: "tab-1" }));
  assert.deepEqual([saved.status, saved.json["revision"]], [200, 2]);
  const late = await other.call("PUT", `${path}/draft`, bodyOf("conflict", "Ben's", { ifRevision: 1, editor: "tab-2" }));
  assert.equal(late.status, 409);
  assert.equal(late.json["message"], "The draft has changed: it is at revision 2.");
  const { savedBy, savedAt, ...draft } = late.json["draft"] as { savedBy: JsonObject; savedAt: number };
  assert.deepEqual(draft, { revision: 2, ifRevision: 1, editor: "tab-1", kept: 3 });
  assert.deepEqual([savedBy["kind"], savedBy["name"], savedAt], ["member", "owner@example.com", saved.json["savedAt"]]);

  const mine = await other.call("PUT", `${path}/draft`, bodyOf("conflict", "Ben's", { ifRevision: 2, editor: "tab-2" }));
  assert.deepEqual([mine.status, mine.json["revision"]], [200, 3]);
  const { json: page } = await owner.call("GET", `${path}/draft/history`);
  const rows = page["data"] as { entry: number; outcome: string; revision: number; savedBy: { name: string } }[];
  assert.deepEqual(
    rows.map(({ entry, outcome, revision, savedBy: by }) => [entry, outcome, revision, by.name]),
    [
      [4, "saved", 3, "ben@team.example"],
      [3, "refused", 1, "ben@team.example"],
      [2, "saved", 2, "owner@example.com"],
      [1, "saved", 1, "owner@example.com"],
    ],
  );
  for (const [entry, description] of [
    [1, "first"],
    [2, "owner's"],
    [3, "Ben's"],
  ]) {
    const { json } = await owner.call("GET", `${path}/draft/history/${entry}`);
    assert.deepEqual(json["document"], documentOf("conflict", String(description)));
  }
  const { json: workflow } = await owner.call("GET", path);
  assert.equal((workflow["saved"] as { savedBy: { name: string } }).savedBy.name, "ben@team.example");
});

test("the history is read page by page, and says what it does not have", async () => {
  const path = await made("pages");
  for (const description of ["second", "third"]) await owner.call("PUT", `${path}/draft`, bodyOf("pages", description, {}));
  const { json: first } = await owner.call("GET", `${path}/draft/history?limit=2`);
  assert.deepEqual([(first["data"] as unknown[]).length, first["nextCursor"]], [2, "2"]);
  const { json: second } = await owner.call("GET", `${path}/draft/history?limit=2&cursor=2`);
  assert.deepEqual([(second["data"] as { entry: number }[])[0]?.entry, second["nextCursor"]], [1, undefined]);
  for (const entry of ["4", "0", "-1", "x", "1e3", "99999999999999999999"]) {
    const { status, json } = await owner.call("GET", `${path}/draft/history/${entry}`);
    assert.deepEqual([status, json["type"]], [404, "/errors/not_found"], entry);
  }
  assert.equal((await owner.call("GET", "/api/v1/workflows/0123456789abcdef01234567/draft/history")).status, 404);
});

test("whoever deploys or imports is named as well; the key of a machine by its name", async () => {
  const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"], name: "ci" });
  const deployed = await server.call("POST", "/api/v1/deploy", { key, body: { document: documentOf("deployed", "by a key") } });
  assert.equal(deployed.status, 200);
  const imported = await server.call("POST", "/api/v1/import", { key, body: JSON.stringify(documentOf("imported", "by a key")) });
  assert.equal(imported.status, 200);
  for (const name of ["deployed", "imported"]) {
    const { json } = await owner.call("GET", `/api/v1/workflows/${name}/draft/history`);
    const [{ savedBy }] = json["data"] as [{ savedBy: { kind: string; name: string } }];
    assert.deepEqual([savedBy.kind, savedBy.name], ["key", "ci"]);
  }
});

test("a draft that was saved since is not published by whoever has not seen it", async () => {
  const path = await made("published");
  await other.call("PUT", `${path}/draft`, bodyOf("published", "Ben's", {}));
  const { status, json } = await owner.call("POST", `${path}/publish`, { body: { ifRevision: 1 } });
  const { savedBy, kept } = json["draft"] as { savedBy: { name: string }; kept?: number };
  assert.deepEqual([status, savedBy.name, kept], [409, "ben@team.example", undefined]);
});
