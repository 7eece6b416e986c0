import assert from "node:assert/strict";
import { test } from "node:test";
import { diffDocuments } from "#cli/diff-documents";

const template = (id: string, text: string) => ({ id, type: "template", text });
const before = { name: "news", nodes: [template("a", "1"), template("b", "2")], edges: ["a -> b"], layout: { a: [0, 0] } };

test("documents that run alike do not differ, whatever the order of their members and their layout", () => {
  assert.deepEqual(
    diffDocuments(before, { edges: ["a -> b"], nodes: [{ text: "1", type: "template", id: "a" }, template("b", "2")], name: "news" }),
    [],
  );
});

test("names the node and the member; nodes that came and went", () => {
  const after = { name: "news", nodes: [template("a", "changed"), template("c", "3")], edges: ["a -> c"] };
  assert.deepEqual(diffDocuments(before, after), ["edges", "- b", "a › text", "+ c"]);
});

test("looks into bodies", () => {
  const loop = (text: string) => ({ nodes: [{ id: "each", type: "loop", count: 2, body: { nodes: [template("in", text)], edges: [] } }] });
  assert.deepEqual(diffDocuments(loop("1"), loop("2")), ["each › in › text"]);
});
