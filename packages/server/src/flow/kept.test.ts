import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { chain, condition, container, direct, END, edge, flow, importJson, join, node, nodeOf, row, START } from "#flow/testing/flows";
import { rebuild } from "#flow/testing/rebuild";

function rebuilt(file: Json): Json {
  const { document, faults } = importJson(file);
  if (!document) throw new Error(JSON.stringify(faults));
  return rebuild(document);
}

test("unknown members survive at every level", () => {
  const extra = { "x-unknown": { deep: [1, { __proto__x: null }] } };
  const body = container("LOOP", "l", [join("in", "a", extra), node("NEXT_LOOP", "n")], extra, extra);
  const sub = body["subWorkflow"] as JsonObject;
  const file = chain(
    [
      { ...body, subWorkflow: { ...sub, ...extra } },
      join("a", "b", { ...extra, textProcessParam: { mode: "JOIN", joinText: "", ...extra } }),
    ],
    extra,
  );
  const workflow = file["workflow"] as JsonObject;
  const edges = (workflow["workflowEdges"] as JsonObject[]).map((one, index) => (index === 1 ? { ...one, ...extra } : one));
  const whole = { ...file, workflow: { ...workflow, ...extra, workflowEdges: edges } };
  assert.deepEqual(rebuilt(whole), whole);
});

test("a member called __proto__ is kept like any other", () => {
  const file = JSON.parse(JSON.stringify(chain([join("a", "")])).replace('"desc":""', '"desc":"","__proto__":{"polluted":true}')) as Json;
  const again = rebuilt(file);
  assert.equal(JSON.stringify(again).includes('"__proto__":{"polluted":true}'), true);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test("edges whose ids or handles follow from nothing are kept whole, the others by their text", () => {
  const odd = { ...edge("start", "a"), sourceHandle: "right", targetHandle: "left" };
  const file = flow([START, join("a", ""), END], [odd, edge("a", "end")]);
  assert.deepEqual(rebuilt(file), file);
  const { document } = importJson(file);
  assert.deepEqual(document?.edges, [{ from: "start", to: "a", flow: odd }, "a -> end"]);
  assert.deepEqual(document?.flow?.["edges"], { "a -> end": "a>end:source-a" });
});

test("a second edge between the same two is kept in its place", () => {
  const file = flow([START, join("a", ""), END], [edge("start", "a"), { ...edge("start", "a"), id: "again" }, edge("a", "end")]);
  assert.deepEqual(rebuilt(file), file);
  assert.deepEqual(importJson(file).document?.edges, ["start -> a", "a -> end"]);
});

test("a container that never runs keeps its body, without the credentials in it", () => {
  const http = node("HTTP", "h", { httpParam: { request: { url: "https://x.example" }, authentication: { token: "s3cret" } } });
  const dead = container("BATCH", "b", [http, node("NEXT_LOOP", "n")]);
  const c = condition("c", [row(direct("a"), "eq", direct("b"))]);
  const edges = [
    edge("start", "c"),
    edge("c", "end", "source-c-if"),
    edge("c", "end", "source-c-else"),
    edge("c", "b", "nowhere"),
    edge("b", "end"),
  ];
  const again = rebuilt(flow([START, c, dead, END], edges));
  assert.doesNotMatch(JSON.stringify(again), /s3cret/);
  assert.deepEqual(again, JSON.parse(JSON.stringify(flow([START, c, dead, END], edges)).replace('{"token":"s3cret"}', "{}")));
});

test("positions go to the layout, 0 included; what is no number stays with the node", () => {
  const file = chain([join("a", "", { x: -1.5, y: 0 }), join("b", "", { x: "left", y: 0 })]);
  const { document } = importJson(file);
  assert.deepEqual(document?.layout, { start: [0, 0], a: [-1.5, 0], end: [0, 0] });
  assert.deepEqual(rebuilt(file), file);
});

test("numbers given as ids come back as text", () => {
  const file = flow(
    [
      { ...START, id: 1 },
      { ...END, id: 2 },
    ],
    [{ ...edge("1", "2"), id: 3, sourceNodeID: 1, targetNodeID: 2 }],
  );
  assert.deepEqual(
    rebuilt(file),
    flow(
      [
        { ...START, id: "1" },
        { ...END, id: "2" },
      ],
      [{ ...edge("1", "2"), id: "3" }],
    ),
  );
});

test("what a server does not know is not kept", () => {
  const param = { chatModelVersionId: "m", userPrompt: "", plugins: [{ pluginId: "a" }, { pluginId: "b" }] };
  const result = importJson(chain([node("LLM", "l", { llmParam: param })]), { pluginKnown: (id) => id === "b" });
  assert.deepEqual((nodeOf(result, "l").flow as { node: JsonObject }).node["llmParam"], { ...param, plugins: [{ pluginId: "b" }] });
});

test("a description is the note; it is cut where it is too long", () => {
  const result = importJson(chain([join("a", "", { desc: "why" }), join("b", "", { desc: "d".repeat(10_001) })]));
  assert.equal(nodeOf(result, "a").note, "why");
  assert.equal(nodeOf(result, "b").note?.length, 10_000);
  assert.equal(nodeOf(result, "start").note, undefined);
});
