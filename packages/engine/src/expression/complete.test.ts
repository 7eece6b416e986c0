import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { compileTemplate } from "#expression/compile";
import { type Completion, completeExpression, completeTemplate } from "#expression/complete";
import type { ReferenceResolver } from "#expression/scope";
import { scopeOf } from "#expression/testing/evaluate";
import { ANY, STRING } from "#value/types";

const DATA: JsonObject = {
  start: { topic: "news", max: 3, "odd key": 1, constructor: 1 },
  people: [{ name: "Ann", age: 30 }],
  s: "text",
  n: 1,
  t: true,
  file: { $file: "f", url: "https://h/a" },
  nothing: null,
};
const SCOPE = scopeOf(DATA, true);

/** Completions where the text has a `|`. */
function at(marked: string, scope: ReferenceResolver<JsonObject> = SCOPE): readonly Completion[] {
  const offset = marked.indexOf("|");
  return completeTemplate(marked.slice(0, offset) + marked.slice(offset + 1), offset, scope);
}

function labels(marked: string, kind?: Completion["kind"]): readonly string[] {
  return at(marked)
    .filter((completion) => kind === undefined || completion.kind === kind)
    .map((completion) => completion.label);
}

test("names in scope, functions and constants where a value can stand", () => {
  assert.deepEqual(labels("{{ | }}", "reference"), ["start", "people", "s", "n", "t", "file", "nothing"]);
  assert.deepEqual(labels("{{ sta| }}"), ["start"]);
  assert.deepEqual(labels("{{ 1 + st|", "reference"), ["start"]);
  assert.deepEqual(labels("{{ SU| }}"), ["sum"]);
  assert.deepEqual(labels("{{ Math.ma| }}"), ["max"]);
  assert.deepEqual(labels("{{ Math.P| }}"), ["pow", "PI"]);
  assert.deepEqual(labels("{{ JSON.| }}"), ["parse", "stringify"]);
  assert.deepEqual(labels("{{ tru| }}"), ["true"]);
});

test("fields by the sample, and the methods of the type", () => {
  assert.deepEqual(labels("{{ start.| }}", "field"), ["topic", "max"]);
  assert.deepEqual(labels("{{ start?.to| }}", "field"), ["topic"]);
  assert.deepEqual(labels("{{ start.topic.toU| }}"), ["toUpperCase"]);
  assert.ok(!labels("{{ start.topic.| }}").includes("map"));
  assert.ok(labels("{{ people.| }}").includes("map"));
  assert.deepEqual(labels("{{ people[0].| }}", "field"), ["name", "age"]);
  assert.deepEqual(labels("{{ people.map(p => p.na| }}", "field"), ["name"]);
  assert.deepEqual(labels("{{ people.filter(p => p.age > 3).find(x => x.|", "field"), ["name", "age"]);
  assert.deepEqual(labels("{{ people.map(p => p.name).map(x => x.toL|"), ["toLowerCase"]);
  assert.deepEqual(labels("{{ file.ur| }}"), ["url"]);
  assert.ok(labels("{{ nothing.| }}").includes("trim"));
  assert.deepEqual(labels("{{ {a: {b: 1}}.a.| }}", "field"), ["b"]);
});

test("parameters of the functions around the caret", () => {
  assert.deepEqual(labels("{{ people.map((p, index) => p|", "parameter"), ["p"]);
  assert.deepEqual(labels("{{ people.map(p => people.map(q => |", "parameter"), ["p", "q"]);
  assert.deepEqual(labels("{{ people.map(p => 1) + |", "parameter"), []);
});

test("whatever is still open is closed for the search", () => {
  for (const marked of [
    "{{ [start.| ",
    "{{ {a: start.|",
    "{{ {a: 1, b: [start.|",
    "{{ (t ? start.|",
    "{{ t ? n : start.|",
    "{{ t ? s : n ? start.|",
    "{{ f(t ? start.|, 1) }}",
    "{{ `a${start.| }b` }}",
    "{{ `a${ `b${ start.|",
    "{{ start.| + 1 }} and {{ n }}",
    "text {{ n }} {{ start.|",
    "{{ start.|topic }}",
    "{{ people.map(p => ({a: start.|",
    "{{ unknown(start.|",
    "{{ s.unknown(x => start.|",
    '{{ "}}" + start.|',
  ]) {
    assert.deepEqual(labels(marked, "field"), ["topic", "max"], marked);
  }
});

test("nothing is offered in text and in string literals", () => {
  for (const marked of [
    "|",
    "a | {{ n }}",
    "{{ n }} |",
    "{{ n }|}",
    "\\{{ s|",
    '{{ "st|" }}',
    "{{ 'st|",
    "{{ `st|` }}",
    "{{ s s| }}",
    "{{ 1.| }}",
    "{{ ) + s| }}",
  ]) {
    assert.deepEqual(labels(marked), [], marked);
  }
});

test("a completion tells its type, its doc, what it replaces, and where the caret goes", () => {
  assert.deepEqual(
    at("a {{ start.to|pi }}").filter(({ kind }) => kind === "field"),
    [{ label: "topic", kind: "field", insert: "topic", caret: 5, type: "string", doc: "", start: 11, end: 15 }],
  );
  const [pad] = at("{{ s.padE| }}");
  assert.deepEqual(
    [pad?.label, pad?.insert, pad?.caret, pad?.type],
    ["padEnd", "padEnd(0)", 7, "string.padEnd(length: integer, fill?: string): string"],
  );
  assert.match(pad?.doc ?? "", /Filled/);
  assert.deepEqual(
    completeExpression("s.len", 5, SCOPE).map(({ label, start, end }) => [label, start, end]),
    [["length", 2, 5]],
  );
});

test("a resolver may name the members itself", () => {
  const scope: ReferenceResolver<JsonObject> = {
    resolve: (name, path) => (name === "fetch" ? { consumed: path.length, type: ANY, read: () => null } : null),
    names: () => ["fetch", "hidden"],
    members: (name, path) =>
      path.length === 0
        ? [
            { name: "body", type: STRING, doc: `of ${name}` },
            { name: "not plain", type: ANY },
          ]
        : null,
  };
  const fields = at("{{ fetch.| }}", scope).filter(({ kind }) => kind === "field");
  assert.deepEqual(
    fields.map(({ label, type, doc }) => [label, type, doc]),
    [["body", "string", "of fetch"]],
  );
  assert.deepEqual(
    at("{{ | }}", scope)
      .filter(({ kind }) => kind === "reference")
      .map(({ label }) => label),
    ["fetch"],
  );
});

test("everything that is offered compiles where it is offered", () => {
  const places = [
    "{{ | }}",
    "{{ start.| }}",
    "{{ s.| }}",
    "{{ people.| }}",
    "{{ n.| }}",
    "{{ t.| }}",
    "{{ file.| }}",
    "{{ nothing.| }}",
    "{{ nothing.a.b.| }}",
  ];
  const nested = [
    "{{ people.map(p => |) }}",
    "{{ people.map(p => p.|) }}",
    "{{ people.map((p, i) => i.|) }}",
    "{{ people.reduce((total, item) => total.|, 0) }}",
  ];
  const others = [
    "{{ [|] }}",
    "{{ {a: |} }}",
    "{{ t ? | : 1 }}",
    "a {{ n }} {{ `x${|}` }}",
    "{{ Math.| }}",
    "{{ JSON.| }}",
    "{{ Number.| }}",
    "{{ [1, 2].| }}",
    "{{ (1).| }}",
  ];
  let offered = 0;
  for (const marked of [...places, ...nested, ...others]) {
    for (const completion of at(marked)) {
      const text = marked.replace("|", "");
      const completed = text.slice(0, completion.start) + completion.insert + text.slice(completion.end);
      const result = compileTemplate(completed, SCOPE);
      assert.ok(result.ok, `${completed}: ${JSON.stringify(result)}`);
      assert.ok(completion.caret >= 0 && completion.caret <= completion.insert.length);
      offered++;
    }
  }
  assert.ok(offered > 500);
});
