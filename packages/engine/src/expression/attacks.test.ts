import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { compileTemplate } from "#expression/compile";
import { ExpressionError } from "#expression/errors";
import { contextOf, scopeOf } from "#expression/testing/evaluate";
import { EXPRESSION_ATTACKS, fieldOf, HOST_WORDS } from "#expression/testing/expression-attacks";
import { intrinsicKeys } from "#expression/testing/intrinsics";

test("the attack list is complete", () => assert.equal(EXPRESSION_ATTACKS.length, 68));

for (const attack of EXPRESSION_ATTACKS) {
  test(`attack ${attack.name}`, () => {
    const before = intrinsicKeys();
    const { text, data } = fieldOf(attack.code);
    const outcome = outcomeOf(text, data);
    assert.ok(attack.must.split("|").includes(outcome), `${outcome}, but must be ${attack.must}`);
    assert.deepEqual(intrinsicKeys(), before);
  });
}

function outcomeOf(text: string, data: JsonObject): string {
  const compiled = compileTemplate(text, scopeOf(data));
  if (!compiled.ok) return "refuse";
  try {
    return describe(compiled.template.evaluate(contextOf(data)), data);
  } catch (error) {
    assert.ok(error instanceof ExpressionError, String(error));
    if (error.type === "expression_error") return "error";
    return `limit:${error.code.replace("limit_", "")}`;
  }
}

/** "null", or "data" where the value is plain and holds neither a secret nor anything of the host. */
function describe(value: Json, data: JsonObject): string {
  const json = JSON.stringify(value);
  assert.deepEqual(JSON.parse(json), value);
  assert.ok(!json.includes("SECRET"));
  if (!JSON.stringify(data).match(HOST_WORDS)) assert.doesNotMatch(json, HOST_WORDS);
  if (value === null || (Array.isArray(value) && value.length > 0 && value.every((item) => item === null))) return "null";
  return "data";
}
