import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { HomeView, JsonObject, TemplateView } from "@millrace/contract";
import { type Browser, join, setUpOwner } from "#testing/browser";
import { startTestServer, type TestServer } from "#testing/server";

let server: TestServer;
let owner: Browser;
before(async () => {
  server = await startTestServer();
  owner = await setUpOwner(server);
});
after(() => server.close());

const home = async () => (await owner.call("GET", "/api/v1/home")).json as unknown as HomeView;
const use = (name: string, as = owner) => as.call("POST", `/api/v1/templates/${name}`);

async function workflowNames(): Promise<string[]> {
  const { json } = await owner.call("GET", "/api/v1/workflows?limit=100");
  return (json["data"] as { name: string }[]).map(({ name }) => name).sort();
}

test("the templates that ship are told with what they are made of and what comes along", async () => {
  const { json } = await owner.call("GET", "/api/v1/templates");
  const templates = json["data"] as unknown as TemplateView[];
  const shop = templates.find(({ name }) => name === "shop-assistant");
  assert.deepEqual(
    [shop?.workflow, shop?.nodeTypes, shop?.calls],
    ["shopAssistant", ["start", "agent", "end"], ["shopDelivery", "shopStock"]],
  );
  assert.deepEqual(templates.find(({ name }) => name === "document-answers")?.knowledge, ["handbook"]);
  assert.deepEqual(templates.find(({ name }) => name === "review-digest")?.nodeTypes, ["start", "loop", "llm", "set", "end"]);
});

test("a template makes a published workflow; a second time it takes the next free name, and what comes along stays as it is", async () => {
  const first = await use("shop-assistant");
  assert.equal(first.status, 201, first.text);
  assert.deepEqual([first.json["name"], first.json["version"]], ["shopAssistant", "1.0.0"]);
  assert.deepEqual((await use("shop-assistant")).json["name"], "shopAssistant 2");
  assert.deepEqual(await workflowNames(), ["shopAssistant", "shopAssistant 2", "shopDelivery", "shopStock"]);
  assert.deepEqual((await home()).steps.built, false, "what ships is nobody's own");
});

test("knowledge comes along searchable, and a base of its name is left alone", async () => {
  assert.equal((await use("document-answers")).status, 201);
  const documents = async () => (await owner.call("GET", "/api/v1/knowledge/handbook/documents")).json["data"] as JsonObject[];
  assert.deepEqual(
    (await documents()).map(({ name, state }) => [name, state]),
    [["handbook.md", "indexed"]],
  );
  await owner.call("DELETE", "/api/v1/knowledge/handbook/documents/handbook.md");
  assert.equal((await use("document-answers")).json["name"], "documentAnswers 2");
  assert.deepEqual(await documents(), []);
});

test("a template that does not ship is not found, and who may not edit makes none", async () => {
  const unknown = await use("no-such");
  assert.deepEqual([unknown.status, unknown.json["message"]], [404, "No template no-such."]);
  const viewer = await join(server, owner, "viewer@example.com", "viewer");
  assert.equal((await use("news", viewer)).status, 403);
  assert.equal((await viewer.call("GET", "/api/v1/home")).status, 200);
});

test("Home knows the example, what was edited last, and which drafts are ahead of what is live", async () => {
  assert.equal((await home()).example, undefined);
  const { json } = await use("today-news");
  const id = String(json["id"]);
  const fresh = await home();
  assert.deepEqual(fresh.example, { id, name: "todayNews" });
  assert.deepEqual([fresh.recent[0]?.id, fresh.recent[0]?.liveVersion, fresh.recent[0]?.differs], [id, "1.0.0", false]);
  assert.ok((fresh.readyMs ?? 0) > 0);
  const { document } = (await owner.call("GET", `/api/v1/workflows/${id}`)).json as { document: JsonObject };
  await owner.call("PUT", `/api/v1/workflows/${id}/draft`, { body: { document: { ...document, description: "Another" } } });
  const edited = await home();
  assert.deepEqual([edited.recent[0]?.differs, edited.steps.built], [true, true]);
});

test("a connection to a provider of models is the last step", async () => {
  assert.equal((await home()).steps.connected, false);
  const body = { provider: "openai", credential: { type: "bearer", value: "sk-nothing" } };
  const put = await owner.call("PUT", "/api/v1/connections/openai", { body });
  assert.ok(put.status < 300, put.text);
  assert.equal((await home()).steps.connected, true);
});
