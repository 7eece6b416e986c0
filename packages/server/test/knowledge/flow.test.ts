import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { edge, flow, input, node, output, reference } from "#flow/testing/flows";
import { openWorld, type World } from "./harness.ts";

// DATASET and FILE_PARSE as a vendor's file has them: imported over HTTP, published, and called.

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const OUTPUTS = ["text", "texts", "found", "rows"];
const ENDS: readonly (readonly [name: string, reference: string, type: string])[] = [
  ["text", "parse#text#text", "STRING"],
  ["texts", "parse#texts#texts", "ARRAY_STRING"],
  ["found", "search#found#found", "STRING"],
  ["rows", "search#rows#rows", "ARRAY_OBJECT"],
];

function file(datasets: readonly string[]): JsonObject {
  return flow(
    [
      node("START", "start", { outputs: [output("q", "STRING"), output("files", "ARRAY_FILE_DOC")] }),
      node("FILE_PARSE", "parse", {
        inputs: [input("files", reference("start#files#files", "ARRAY_FILE_DOC"))],
        outputs: [output("text"), output("texts", "ARRAY_STRING")],
        fileParseParam: { parseMode: "DEFAULT" },
      }),
      node("DATASET", "search", {
        inputs: [input("q", reference("start#q#q"))],
        outputs: [output("rows", "ARRAY_OBJECT"), output("found")],
        datasetParam: { query: "{{q}}", dataGroupIds: datasets, topK: 2 },
      }),
      node("END", "end", {
        outputs: ENDS.map(([name, value, type]) => ({ ...output(name, type), ...reference(value, type) })),
        endParam: { outputType: "VARIABLE" },
      }),
    ],
    [edge("start", "parse"), edge("parse", "search"), edge("search", "end")],
    { name: `w${datasets.length}` },
  );
}

async function publish(datasets: readonly string[]): Promise<string> {
  const body = Buffer.from(JSON.stringify(file(datasets)));
  const { status, text } = await world.manage("POST", "/import?publish=true", body, { "Content-Type": "application/octet-stream" });
  assert.equal(status, 200, text);
  return (await world.server.app.apiKeys.create("default", { workflows: [`w${datasets.length}`] })).key;
}

test("files are read, a knowledge base is asked, in the vendor's names", async () => {
  const base = await world.makeBase("notes");
  const document = await world.add(base, {
    name: "tides.md",
    text: "# A\n\nSpring tides follow the moon.\n\n# B\n\nNeap tides come between.",
  });
  const key = await publish([base]);
  const files = [
    { format: "md", base64_content: Buffer.from("# One").toString("base64"), name: "one.md" },
    { format: "html", base64_content: Buffer.from("<p>two</p>").toString("base64") },
  ];
  const { json } = await world.server.invoke(key, { input: { q: "spring tides", files } });
  const result = (json["output"] ?? {}) as JsonObject;
  assert.deepEqual([json["status"], Object.keys(result)], ["SUCCEED", OUTPUTS], JSON.stringify(json));
  assert.deepEqual([result["text"], result["texts"]], ["# One\n\ntwo", ["# One", "two"]]);
  const rows = result["rows"] as JsonObject[];
  assert.deepEqual(
    rows.map(({ content, documentId, documentName }) => [content, documentId, documentName]),
    [
      ["Spring tides follow the moon.", document["id"], "tides.md"],
      ["Neap tides come between.", document["id"], "tides.md"],
    ],
  );
  assert.deepEqual(Object.keys(rows[0] ?? {}), ["content", "score", "documentId", "documentName", "chunkId"]);
  assert.equal(result["found"], "Spring tides follow the moon.\n\nNeap tides come between.");
});

test("no base, no files and an empty query give nothing, at no cost", async () => {
  const key = await publish([]);
  const { json } = await world.server.invoke(key, { input: { q: "", files: [] } });
  assert.deepEqual(json["output"], { text: "", texts: [], found: "", rows: [] }, JSON.stringify(json));
});
