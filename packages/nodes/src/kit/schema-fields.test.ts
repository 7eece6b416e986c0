import assert from "node:assert/strict";
import { test } from "node:test";
import { typeName } from "@millrace/engine";
import { schemaFields } from "#kit/schema-fields";

function typesOf(properties: { readonly [name: string]: unknown }, $defs = {}): { readonly [name: string]: string } {
  const fields = schemaFields({ type: "object", properties: properties as never, $defs });
  return Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, typeName(type)]));
}

test("parameters have the types that their schemas name", () => {
  const properties = {
    topic: { type: "string" },
    max: { type: "integer" },
    score: { type: ["number", "null"] },
    tags: { type: "array", items: { type: "string" } },
    rows: { type: "array" },
    paper: { "x-file": "doc" },
    papers: { type: "array", items: { "x-file": "image" } },
    options: { type: "object" },
  };
  assert.deepEqual(typesOf(properties), {
    topic: "string",
    max: "integer",
    score: "number",
    tags: "array<string>",
    rows: "array<any>",
    paper: "file<doc>",
    papers: "array<file<image>>",
    options: "object",
  });
});

test("what names no single type is any", () => {
  const properties = {
    a: {},
    b: true,
    c: { type: ["string", "number"] },
    d: { enum: [1] },
    e: { "x-file": "film" },
    f: { type: 7 },
    g: { type: [] },
  };
  assert.deepEqual(typesOf(properties), { a: "any", b: "any", c: "any", d: "any", e: "any", f: "any", g: "any" });
});

test("references are followed, and one that leads back to itself ends", () => {
  const $defs = { name: { type: "string" }, names: { type: "array", items: { $ref: "#/$defs/name" } }, self: { $ref: "#/$defs/self" } };
  const properties = {
    a: { $ref: "#/$defs/names" },
    b: { $ref: "#/$defs/self" },
    c: { $ref: "#/$defs/toString" },
    d: { $ref: "https://example.com/x" },
  };
  assert.deepEqual(typesOf(properties, $defs), { a: "array<string>", b: "any", c: "any", d: "any" });
});

test("a schema without properties declares nothing", () => {
  assert.deepEqual(schemaFields({ type: "object" }), {});
});
