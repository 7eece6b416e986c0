import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import { type FieldKind, kindOf, membersOf, takesExpression } from "#pages/editor/fields/schema-kind.ts";

function memberOf(type: string, ...path: readonly string[]): JsonObject {
  let schema = nodeSpecs.get(type)?.config as unknown as JsonObject;
  for (const name of path) {
    const kind = kindOf(schema);
    const members = kind.kind === "group" ? kind.members : membersOf(schema);
    schema = members.find((member) => member.name === name)?.schema ?? assert.fail(`${type} has no ${path.join(".")}`);
  }
  return schema;
}

const EXPECTED: readonly (readonly [type: string, path: readonly string[], kind: FieldKind["kind"], takesExpression: boolean])[] = [
  ["llm", ["prompt"], "text", true],
  ["llm", ["model"], "text", false],
  ["llm", ["output"], "choice", false],
  ["llm", ["temperature"], "number", true],
  ["llm", ["messages"], "any", false],
  ["http", ["request"], "group", false],
  ["http", ["request", "method"], "choice", true],
  ["http", ["request", "headers"], "map", true],
  ["http", ["request", "auth"], "variants", false],
  ["http", ["failOnStatus"], "boolean", true],
  ["condition", ["cases"], "list", false],
  ["loop", ["items"], "list", true],
  ["aggregate", ["groups"], "map", false],
  ["end", ["output"], "map", true],
  ["code", ["code"], "text", false],
];

for (const [type, path, kind, expression] of EXPECTED) {
  test(`${type}.${path.join(".")} is edited as ${kind}`, () => {
    const schema = memberOf(type, ...path);
    assert.equal(kindOf(schema).kind, kind);
    assert.equal(takesExpression(schema), expression);
  });
}

test("every member of every node type has a form", () => {
  for (const [type, { config }] of nodeSpecs)
    for (const { name, schema } of membersOf(config as unknown as JsonObject)) assert.ok(kindOf(schema).kind, `${type}.${name}`);
});
