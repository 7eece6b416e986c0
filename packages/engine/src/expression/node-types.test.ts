import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseExpressionAt } from "acorn";
import { compileExpression } from "#expression/compile";
import { scopeOf } from "#expression/testing/evaluate";
import { ALLOWED_TYPES, NODE_TYPES } from "#expression/testing/node-types";

const SCOPE = scopeOf({ x: { y: 1 }, list: [1] });

for (const [type, source] of Object.entries(NODE_TYPES)) {
  test(`${type} is ${ALLOWED_TYPES.has(type) ? "in the language" : "refused"}`, () => {
    const parsed = parseExpressionAt(source, 0, { ecmaVersion: "latest", preserveParens: true });
    assert.ok(typesIn(parsed).has(type), `${source} holds no ${type}`);
    assert.equal(compileExpression(source, SCOPE).ok, ALLOWED_TYPES.has(type), source);
  });
}

/** Statements of modules cannot stand in an expression; `Program` is what holds them; `Function` and `Class` are base types. */
const NOT_IN_EXPRESSIONS = /^(?:Program|Import.*|Export.*|Function|Class|AnonymousFunctionDeclaration|AnonymousClassDeclaration)$/;

test("every node type that the parser knows is in the list", () => {
  const declarations = readFileSync(new URL(import.meta.resolve("acorn")), "utf8");
  const known = new Set(
    [...declarations.matchAll(/finishNode(?:At)?\(\w+, (?:\w+ \? )?"(\w+)"(?: : "(\w+)")?/g)].flatMap(([, a, b]) => [a, b]),
  );
  known.delete(undefined);
  assert.ok(known.size > 50);
  for (const type of known) {
    if (type !== undefined && type !== "ImportExpression" && NOT_IN_EXPRESSIONS.test(type)) continue;
    assert.ok(type !== undefined && Object.hasOwn(NODE_TYPES, type), `${type} is missing`);
  }
});

function typesIn(node: unknown, types = new Set<string>()): ReadonlySet<string> {
  if (typeof node !== "object" || node === null) return types;
  if ("type" in node && typeof node.type === "string") types.add(node.type);
  for (const value of Object.values(node)) typesIn(value, types);
  return types;
}
