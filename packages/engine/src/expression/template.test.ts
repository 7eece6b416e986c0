import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { compileExpression, compileTemplate } from "#expression/compile";
import { hasExpression } from "#expression/template";
import { contextOf, evaluateTemplate, scopeOf, templateOf } from "#expression/testing/evaluate";
import { typeName } from "#value/types";

const DATA: JsonObject = { x: 1, s: "text", nothing: null, o: { a: [1] }, file: { $file: "f", url: "https://h/a" }, curly: "{{ x }}" };

const ROWS: readonly (readonly [text: string, value: Json])[] = [
  ["", ""],
  ["plain", "plain"],
  ["{{ x }}", 1],
  ["{{x}}", 1],
  ["{{\n  x\n}}", 1],
  ["{{ o }}", { a: [1] }],
  ["{{ nothing }}", null],
  [" {{ x }}", " 1"],
  ["{{ x }} ", "1 "],
  ["{{ x }}{{ s }}", "1text"],
  ["a{{ nothing }}b", "ab"],
  ["a{{ true }}b", "atrueb"],
  ["a{{ o }}b", 'a{"a":[1]}b'],
  ["a{{ file }}b", "ahttps://h/ab"],
  ["{{ file }}", { $file: "f", url: "https://h/a" }],
  // One pass: what is inserted is not read again.
  ["{{ curly }}", "{{ x }}"],
  ["a{{ curly }}", "a{{ x }}"],
  ["{{ '{' }}{ x }}", "{{ x }}"],
  // What is within an expression does not end it.
  ["{{ '}}' }}", "}}"],
  ['{{ "}}" + s }}', "}}text"],
  ["{{ '\\'}}' }}", "'}}"],
  ["{{ `}}` }}", "}}"],
  ["{{ `${ {a: '}'}.a }}}` }}", "}}}"],
  ["{{ `a${ `b${x}}}` }c` }}", "ab1}}c"],
  ["{{ {a: {b: 1}} }}", { a: { b: 1 } }],
  ["{{ {a: {b: 1}}}}", { a: { b: 1 } }],
  ["{{{a: 1}}}", { a: 1 }],
  ["{{ [1].map(y => ({y})) }}", [{ y: 1 }]],
  ["{{ '{{' }}", "{{"],
  // The escape.
  ["\\{{ x }}", "{{ x }}"],
  ["a \\{{ x }} {{ x }}", "a {{ x }} 1"],
  ["\\{{", "{{"],
  ["\\{{\\{{", "{{{{"],
  ["\\\\{{ x }}", "\\{{ x }}"],
  ["\\{ {", "\\{ {"],
  // Text that is none.
  ["{ x }", "{ x }"],
  ["}} {", "}} {"],
  ["{", "{"],
  ["a }} b", "a }} b"],
];

test("a config string is text and expressions", () => {
  for (const [text, value] of ROWS) assert.deepEqual(evaluateTemplate(text, DATA), value, text);
});

test("a string of exactly one expression keeps the type of its value, others are text", () => {
  const typed = (text: string): string => {
    const result = compileTemplate(text, scopeOf(DATA, true));
    assert.ok(result.ok);
    return `${result.template.isExpression} ${typeName(result.template.type)}`;
  };
  assert.equal(typed("plain"), "false string");
  assert.equal(typed(""), "false string");
  assert.equal(typed("\\{{"), "false string");
  assert.equal(typed("{{ x }}"), "true integer");
  assert.equal(typed("{{ o.a }}"), "true array<integer>");
  assert.equal(typed("{{ x }} "), "false string");
  assert.equal(typed("{{ 1 + 2 }}"), "true integer");
  assert.equal(typed("{{ now() }}"), "true integer");
  assert.equal(typed("{{ [uuid()] }}"), "true array<string>");
  assert.equal(typed("{{ nothing ?? 1 }}"), "true any");
});

test("references are listed with their static path and place", () => {
  const text = 'a {{ x }} {{ o.a[0].z + o["a"].length }} {{ o.a.map(s => s + x) }} {{ o?.a?.slice(1) }}';
  const { references } = templateOf(text, DATA);
  assert.deepEqual(
    references.map(({ name, path, start, end }) => [name, path.join("/"), text.slice(start, end)]),
    [
      ["x", "", "x"],
      ["o", "a", "o.a"],
      ["o", "a/length", 'o["a"].length'],
      ["o", "a", "o.a"],
      ["x", "", "x"],
      ["o", "a", "o?.a"],
    ],
  );
});

test("a reader may follow a part of the path itself", () => {
  const asked: string[] = [];
  const result = compileExpression<string>("node.field.a.b[0]", {
    resolve(name, path) {
      asked.push([name, ...path].join("."));
      return { consumed: 1, type: { kind: "object" }, read: (env) => ({ a: { b: [env] } }) };
    },
  });
  assert.ok(result.ok);
  assert.deepEqual(asked, ["node.field.a.b"]);
  assert.equal(result.template.evaluate({ env: "value", now: 0, seed: "" }), "value");
});

test("an expression that does not end is a problem at its place", () => {
  const rows = [
    ["{{ x", "unclosed_expression", 0],
    ["a {{ x }", "unclosed_expression", 2],
    ["{{ x } }", "unclosed_expression", 0],
    ["{{ {a: 1 }}", "unclosed_expression", 0],
    ["{{", "unclosed_expression", 0],
    ["{{ x }} {{ 'a }}", "unclosed_string", 11],
    ["{{ it's }}\n{{ x }}", "unclosed_string", 5],
    ["{{ `a }}\n{{ x }}", "unclosed_string", 3],
    ["{{ `${x }}", "unclosed_string", 3],
    ["{{ }}", "empty_expression", 2],
    ["{{}}", "empty_expression", 2],
    ["{{ {{ x }} }}", "syntax", 4],
  ] as const;
  for (const [text, code, start] of rows) {
    const result = compileTemplate(text, scopeOf(DATA));
    assert.ok(!result.ok, text);
    assert.deepEqual([result.problems[0]?.code, result.problems[0]?.start], [code, start], text);
  }
});

test("hasExpression is true for all that compiling changes", () => {
  for (const [text, value] of ROWS) assert.ok(hasExpression(text) || text === value, text);
  assert.ok(!hasExpression("a { b } c"));
});

test("an error tells which expression of the string failed", () => {
  const text = "ok {{ x }} bad {{ s - x }}";
  const template = templateOf(text, DATA);
  assert.throws(
    () => template.evaluate(contextOf(DATA)),
    (error: Error & { start?: number; end?: number }) => text.slice(error.start, error.end) === " s - x ",
  );
});

test("compiling once serves any number of evaluations", () => {
  const template = templateOf("{{ list.map(y => y * x).reduce((a, b) => a + b) }}", { x: 1, list: [] });
  for (let x = 1; x < 5; x++) assert.equal(template.evaluate(contextOf({ x, list: [1, 2, 3] })), 6 * x);
});
