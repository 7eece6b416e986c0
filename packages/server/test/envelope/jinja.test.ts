import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

let written = 0;

function writing(jinja: string, more: JsonObject = {}): JsonObject {
  const page = { id: "page", type: "template", inputs: { items: "{{ start.items }}" }, jinja, ...more };
  const nodes = [start({ items: {} }), page, { id: "end", type: "end", text: "{{ page.text }}" }];
  return document(`writing${written++}`, nodes, ["start -> page", "page -> end"]);
}

async function write(jinja: string, items: JsonObject["items"], more: JsonObject = {}): Promise<JsonObject> {
  const { key } = await server.publish(writing(jinja, more));
  return (await server.invoke(key, { input: { items: items ?? null } })).json;
}

test("a node with jinja writes its text from its inputs", async () => {
  const jinja = "{% for item in items %}{{ loop.index }}. {{ item.name }} {{ '%s' }}\n{% endfor %}";
  const json = await write(jinja, [{ name: "Ada" }, { name: "{{ 1 + 1 }}" }]);
  assert.deepEqual(json["output"], { output: "1. Ada %s\n2. {{ 1 + 1 }} %s\n" });
});

test("it reads its inputs alone", async () => {
  const json = await write("{{ start }}{{ env }}{{ secrets }}{{ run }}{{ inputs }}[{{ items }}]", "x");
  assert.deepEqual(json["output"], { output: "[x]" });
});

test("one that is wrong fails its node with the line, and onError decides", async () => {
  const json = await write("fine\n{{ items | nothing }}", "x");
  const { type, nodeId, message } = json["error"] as JsonObject;
  assert.deepEqual([json["status"], type, nodeId], ["FAILED", "template_error", "page"]);
  assert.match(String(message), /nothing.*\(line 2\)/);
  const handled = await write("{{ items | nothing }}", "x", { onError: { do: "default", output: { text: "none" } } });
  assert.deepEqual(handled["output"], { output: "none" });
});

test("one without end is ended, and its results may be kept for other runs", async () => {
  const json = await write("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", null);
  assert.equal((json["error"] as JsonObject)["type"], "template_error");
  const { key } = await server.publish(writing("{{ items }}", { cache: { ttlMs: 60_000 } }));
  await server.invoke(key, { input: { items: 5 } });
  const again = await server.invoke(key, { input: { items: 5 } });
  const journal = await server.app.store.runs.journal("default", String(again.json["workflowRunId"]));
  assert.ok(journal.some((entry) => entry.type === "node-finished" && entry.path === "page" && entry.cached));
});
