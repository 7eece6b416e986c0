import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { chain, importJson, join, nodeOf } from "#flow/testing/flows";

const idsOf = (ids: readonly (string | number)[]): readonly string[] => {
  const nodes = ids.map((id) => ({ ...join(String(id), ""), id, name: `n ${id}` }));
  const { document } = importJson(chain(nodes));
  return (document?.nodes ?? []).slice(1, -1).map(({ id }) => id);
};

test("an id that is an identifier stays; others become one", () => {
  assert.deepEqual(idsOf(["a_1", "node-7", "3f2a", 42, "节点", "a b!"]), ["a_1", "node_7", "node_3f2a", "node_42", "node", "a_b"]);
});

test("an id that is right as it is keeps its name, wherever it stands", () => {
  assert.deepEqual(idsOf(["a-b", "a_b", "a.b"]), ["a_b_2", "a_b", "a_b_3"]);
});

test("words that mean something in an expression are no ids", () => {
  assert.deepEqual(idsOf(["loop", "item", "run", "null", "Math", "constructor", "__proto__"]), [
    "loop_2",
    "item_2",
    "run_2",
    "null_2",
    "Math_2",
    "constructor_2",
    "proto",
  ]);
});

test("64 characters are kept, longer ids are cut and told apart", () => {
  const long = "x".repeat(64);
  assert.deepEqual(idsOf([long, `${long}y`, `${long}z`]), [long, `${"x".repeat(62)}_2`, `${"x".repeat(62)}_3`]);
});

test("the vendor's id is kept as text", () => {
  const result = importJson(chain([{ ...join("5", ""), id: 5 }]));
  assert.equal(((nodeOf(result, "node_5").flow as JsonObject)["node"] as JsonObject)["id"], "5");
});
