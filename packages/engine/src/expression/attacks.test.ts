import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { compileTemplate } from "#expression/compile";
import { ExpressionError } from "#expression/errors";
import { contextOf, scopeOf } from "#expression/testing/evaluate";
import { intrinsicKeys } from "#expression/testing/intrinsics";

interface Attack {
  readonly name: string;
  /** The text of a field, its data after "with". */
  readonly code: string;
  /** Allowed outcomes, joined by `|`. */
  readonly must: string;
}

const attacks = JSON.parse(readFileSync(new URL("./testing/expression-attacks.json", import.meta.url), "utf8")) as Attack[];
const HOST_WORDS = /\[object|native code|function|process|global/;

test("the attack list is complete", () => assert.equal(attacks.length, 68));

for (const attack of attacks) {
  test(`attack ${attack.name}`, () => {
    const before = intrinsicKeys();
    const { text, data } = split(attack.code);
    const outcome = outcomeOf(text, data);
    assert.ok(attack.must.split("|").includes(outcome), `${outcome}, but must be ${attack.must}`);
    assert.deepEqual(intrinsicKeys(), before);
  });
}

/** The field and the data that each entry describes in words. */
function split(code: string): { text: string; data: JsonObject } {
  const base: JsonObject = { x: { y: 1, a: { a: 1 } }, list: [1, 2, 3], text: "text", env: { REGION: "sg" } };
  const [text = "", words] = code.split(/ (?:with|in) (?=[a-zA-Z]+ (?:=|field)|a field|any field)/);
  return { text, data: { ...base, ...(words === undefined ? {} : dataOf(words)) } };
}

function dataOf(words: string): JsonObject {
  const items = /^list = (\d+) items$/.exec(words);
  if (items !== null) return { list: Array.from({ length: Number(items[1]) }, (_, i) => i) };
  if (words === 'text = "a" x 1000000') return { text: "a".repeat(1_000_000) };
  if (words === 'text = "a" x 50000 + "!"') return { text: `${"a".repeat(50_000)}!` };
  if (words === 'userText = "{{ secret }}"') return { userText: "{{ secret }}", secret: "SECRET" };
  if (words === 'a = "{", b = "{ secret }}"') return { a: "{", b: "{ secret }}", secret: "SECRET" };
  if (words === 'x = JSON {"__proto__": 1}') return { x: JSON.parse('{"__proto__": 1}') };
  // `secrets` is a name that a field without the mark cannot see: it is simply not there.
  assert.match(words, /^(a field not marked secret-bearing|any field)$/);
  return {};
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
