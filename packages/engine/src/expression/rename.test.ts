import assert from "node:assert/strict";
import { test } from "node:test";
import { renameInExpression, renameInTemplate } from "#expression/rename";

function renamed(text: string, from: string, to: string): string {
  const result = renameInTemplate(text, { from: from.split("."), to });
  assert.ok(result.ok, JSON.stringify(result));
  return result.text;
}

test("a root is renamed wherever it is read, and nowhere else", () => {
  const rows: readonly (readonly [before: string, after: string])[] = [
    ["{{ a }}", "{{ b }}"],
    ["{{ a.a.a + x.a }}", "{{ b.a.a + x.a }}"],
    ['a {{ a?.x }} "a" {{ "a" + a }} a', 'a {{ b?.x }} "a" {{ "a" + b }} a'],
    ["{{ `a${a}a` }}", "{{ `a${b}a` }}"],
    ["{{ {a} }}", "{{ {a: b} }}"],
    ["{{ {a: a, [a]: 1, ...a} }}", "{{ {a: b, [b]: 1, ...b} }}"],
    ["{{ a.map(x => x.a + a.y) }}", "{{ b.map(x => x.a + b.y) }}"],
    ["{{ x.map(a => a.y) }}{{ a }}", "{{ x.map(a => a.y) }}{{ b }}"],
    ["{{ x.map(a => ({a})) }}", "{{ x.map(a => ({a})) }}"],
    ["{{ x[a][0] + f.a(1) + a[0].a }}", "{{ x[b][0] + f.a(1) + b[0].a }}"],
    ["\\{{ a }} {{ a }}", "\\{{ a }} {{ b }}"],
    ["{{\n  a\n}}", "{{\n  b\n}}"],
    ["{{ \\u0061.x }}", "{{ b.x }}"],
    ["{{ (a).x ? !a : -a }}", "{{ (b).x ? !b : -b }}"],
    ["{{ a.map((y) => a.map(z => a + y)) }}", "{{ b.map((y) => b.map(z => b + y)) }}"],
  ];
  for (const [before, after] of rows) assert.equal(renamed(before, "a", "b"), after);
});

test("a function is not the variable of the same name", () => {
  assert.equal(renamed("{{ sum(sum.list) }}", "sum", "total"), "{{ sum(total.list) }}");
  assert.equal(renamed("{{ path(a, 'b') + path }}", "path", "way"), "{{ path(a, 'b') + way }}");
});

test("a field is renamed behind its root only", () => {
  const rows: readonly (readonly [before: string, after: string])[] = [
    ["{{ a.f }}", "{{ a.g }}"],
    ["{{ a.f.f + x.f + f + a.x.f }}", "{{ a.g.f + x.f + f + a.x.f }}"],
    ["{{ a?.f?.map(f => f.f) }}", "{{ a?.g?.map(f => f.f) }}"],
    ["{{ a[\"f\"] + a['f'].x }}", '{{ a["g"] + a["g"].x }}'],
    ["{{ x.map(a => a.f) }}", "{{ x.map(a => a.f) }}"],
    ["{{ a }} {{ a . f }}", "{{ a }} {{ a . g }}"],
    ["{{ a.f() }}", "{{ a.f() }}"],
  ];
  for (const [before, after] of rows) assert.equal(renamed(before, "a.f", "g"), after);
  assert.equal(renamed("{{ a.f.h + a.h + x.f.h }}", "a.f.h", "i"), "{{ a.f.i + a.h + x.f.h }}");
});

test("a field may get a name that needs quotes", () => {
  assert.equal(
    renamed("{{ a.f + a?.f + a . f.x + a['f'] }}", "a.f", "two words"),
    '{{ a["two words"] + a?.["two words"] + a ["two words"].x + a["two words"] }}',
  );
  assert.equal(renamed("{{ (a).f + a.f[0] }}", "a.f", 'say "x"'), '{{ (a)["say \\"x\\""] + a["say \\"x\\""][0] }}');
});

test("a parameter that would capture the new name moves aside", () => {
  assert.equal(renamed("{{ x.map(b => b + a) }}", "a", "b"), "{{ x.map(b2 => b2 + b) }}");
  assert.equal(renamed("{{ x.map(b => ({b, c: a, d: b2})) }}", "a", "b"), "{{ x.map(b3 => ({b: b3, c: b, d: b2})) }}");
  assert.equal(renamed("{{ x.map(b => b.map(b => a + b)) }}", "a", "b"), "{{ x.map(b2 => b2.map(b3 => b + b3)) }}");
  assert.equal(renamed("{{ x.map(b => b.y) + a }}", "a", "b"), "{{ x.map(b => b.y) + b }}");
  assert.equal(renamed("{{ x.map(g => a.f + g) }}", "a.f", "g"), "{{ x.map(g => a.g + g) }}");
});

test("the number of references that were renamed", () => {
  const result = renameInTemplate("{{ a + a.x }} {{ y.map(b => a + b) }}", { from: ["a"], to: "b" });
  assert.ok(result.ok);
  assert.equal(result.count, 3);
  const none = renameInTemplate("text a", { from: ["a"], to: "b" });
  assert.deepEqual(none, { ok: true, text: "text a", count: 0 });
});

test("an expression without braces", () => {
  assert.deepEqual(renameInExpression("a.x + 'a'", { from: ["a"], to: "b" }), { ok: true, text: "b.x + 'a'", count: 1 });
  assert.ok(!renameInExpression("a +", { from: ["a"], to: "b" }).ok);
});

test("nothing is changed where the name cannot be used or the text cannot be read", () => {
  for (const to of ["", "a b", "1a", "new", "default", "Math", "constructor", "__proto__", "a-b", "null"]) {
    const result = renameInTemplate("{{ a }}", { from: ["a"], to });
    assert.ok(!result.ok && result.problems[0]?.code === "invalid_name", to);
  }
  assert.ok(!renameInTemplate("{{ a.b }}", { from: ["a", "b"], to: "__proto__" }).ok);
  assert.ok(!renameInTemplate("{{ a }}", { from: [], to: "b" }).ok);
  const broken = renameInTemplate("{{ a }} {{ a + }}", { from: ["a"], to: "b" });
  assert.ok(!broken.ok && broken.problems[0]?.code === "syntax");
});
