import assert from "node:assert/strict";
import { test } from "node:test";
import { diffLines, lineText } from "#diff/diff-lines";
import type { Json, JsonObject } from "#json";
import { changed, loop, template } from "#testing/changed-news";

const texts = (change: JsonObject) => diffLines(changed(change)).map(lineText);

test("names the node and the field; nodes and edges that came and went; what is in a body", () => {
  const nodes = [template("a", "changed"), template("c", "3"), loop("4")];
  assert.deepEqual(texts({ name: "weather", nodes, edges: ["a -> c"] }), [
    "name",
    "- b",
    "a › text",
    "+ c",
    "each › in › text",
    "- a -> b",
    "+ a -> c",
  ]);
});

test("a line of a field has both values; layout has no line", () => {
  const diff = changed({ nodes: [template("a", "x"), template("b", "2"), loop("3")], layout: { a: [1, 1] } });
  assert.deepEqual(diffLines(diff), [{ change: "changed", at: "a › text", before: "1", after: "x" }]);
});

test("an edge in its long form reads like the others; one that is none, as it is written", () => {
  const edges: Json[] = [{ from: "a", port: "two words", to: "b" }, { from: "a", to: "b", flow: { id: "e1" } }, null, "a -> b"];
  assert.deepEqual(texts({ edges }), ["+ a.two words -> b", "+ a -> b", "+ null"]);
});
