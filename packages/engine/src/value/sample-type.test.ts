import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { typeOfSample } from "#value/sample-type";
import { typeName } from "#value/types";

test("types of samples", () => {
  const rows: readonly (readonly [Json, string])[] = [
    [null, "any"],
    ["a", "string"],
    [1, "integer"],
    [1.5, "number"],
    [true, "boolean"],
    [{}, "object"],
    [[], "array<any>"],
    [[1, 2.5], "array<number>"],
    [[1, "a"], "array<any>"],
    [[[1], [2]], "array<array<integer>>"],
    [{ $file: "f", url: "u" }, "file"],
  ];
  for (const [value, name] of rows) assert.equal(typeName(typeOfSample(value)), name);
});

test("objects show their fields, elements the fields of all", () => {
  assert.deepEqual(typeOfSample([{ a: 1 }, { a: 1.5, b: "x" }]), {
    kind: "array",
    items: { kind: "object", fields: { a: { kind: "number" }, b: { kind: "string" } } },
  });
});

test("a sample of any depth and width is looked at in bounds", () => {
  let value: Json = 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  assert.equal(typeName(typeOfSample(value)), "array<array<array<array<array<array<any>>>>>>");
  const wide = typeOfSample(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])));
  assert.ok(wide.kind === "object" && Object.keys(wide.fields ?? {}).length === 200);
});
