import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { evaluate } from "#expression/testing/evaluate";
import { checkTable } from "#expression/testing/table";

const DATA: JsonObject = {
  n: 7,
  s: "text",
  t: true,
  nothing: null,
  list: [3, 1, 2],
  people: [
    { name: "Ann", age: 30 },
    { name: "Bob", age: 20 },
  ],
  o: { a: { b: [10, { c: "deep" }] }, length: 5, "odd key": 1, "0": "zero" },
  file: { $file: "f1", url: "https://h/a.pdf", name: "a.pdf" },
  proto: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "prototype": 3, "toString": 4}'),
};

test("literals", () =>
  checkTable(
    String.raw`
1 => 1
1.5e3 => 1500
0x10 => 16
1_000 => 1000
.5 => 0.5
-0 => 0
"a\n\u0041\x41" => "a\nAA"
'it"s' => "it\"s"
true => true
null => null
undefined => null
[1, "a", null, [true]] => [1,"a",null,[true]]
[] => []
{} => {}
({a: 1, "b c": 2, 3: 4}) => {"a":1,"b c":2,"3":4}
{a: 1} => {"a":1}
{n, s} => {"n":7,"s":"text"}
{[s]: 1, [n]: 2, [t]: 3} => {"text":1,"7":2,"true":3}
{a: 1, a: 2} => {"a":2}
"\0" => "\u0000"
`,
    DATA,
  ));

test("members and indexes read own data, and null for what is missing", () =>
  checkTable(
    `
o.a.b[1].c => "deep"
o?.a?.b?.[1]?.c => "deep"
o["a"]["b"][0] => 10
o["odd key"] => 1
o[0] => "zero"
o["0"] => "zero"
o.missing => null
o.missing.further.still[3].x => null
nothing.a => null
nothing[0] => null
n.a => null
t.length => null
n[0] => null
s.length => 4
s[0] => "t"
s["1"] => null
s[9] => null
s[-1] => null
s[0.5] => null
s.toString => null
list.length => 3
list["length"] => 3
o.length => 5
list[0] => 3
list["0"] => 3
list["00"] => null
list[-1] => null
list[1.5] => null
list[3] => null
list[nothing] => null
list[t] => null
list[list] => null
list.map => null
list["map"] => null
o.hasOwnProperty => null
o["__proto__"] => null
proto["__proto__"] => null
proto["constructor"] => null
proto["con" + "structor"] => null
["prototype"].map(k => proto[k]) => [null]
proto.toString => 4
o.toString => null
people[1].name => "Bob"
(o).a.b[0] => 10
`,
    DATA,
  ));

test("operators", () =>
  checkTable(
    String.raw`
1 + 2 => 3
0.1 + 0.2 => 0.30000000000000004
7 % 3 => 1
-7 % 3 => -1
7 / 2 => 3.5
2 * 3 - 4 => 2
2 + 3 * 4 => 14
(2 + 3) * 4 => 20
1 - 2 - 3 => -4
n + "" => "7"
"a" + nothing + "b" => "ab"
"a" + t + list + o.a.b[1] => "atrue[3,1,2]{\"c\":\"deep\"}"
"see " + file => "see https://h/a.pdf"
n + nothing => !wrong_type
t + 1 => !wrong_type
list + list => !wrong_type
s - 1 => !wrong_type
nothing * 2 => !wrong_type
n / 0 => !not_finite
n % 0 => !not_finite
nothing / 0 => !wrong_type
1e308 * 10 => !not_finite
-1e308 - 1e308 => !not_finite
-n => -7
-nothing => !wrong_type
-s => !wrong_type
+"12" => 12
+n => 7
+t => 1
+nothing => null
+s => !bad_input
+list => !wrong_type
!nothing => true
!list => false
!"" => true
!"0" => false
!0 => true
!!o => true
`,
    DATA,
  ));

test("comparisons: equality is strict and deep, order is of numbers or of strings", () =>
  checkTable(
    `
1 == 1 => true
1 === 1.0 => true
1 == "1" => false
nothing == null => true
undefined == null => true
null == false => false
0 == false => false
[1, {a: [2]}] == [1, {a: [2]}] => true
{a: 1, b: 2} === {b: 2, a: 1} => true
{a: 1} != {a: 1, b: null} => true
[1] !== [1] => false
1 < 2 => true
2 <= 2 => true
"a" < "b" => true
"B" < "a" => true
"10" < "9" => true
1 < "2" => false
1 > "0" => false
nothing < 1 => false
nothing >= nothing => false
[1] < [2] => false
t > 0 => false
`,
    DATA,
  ));

test("logic stops early and gives values", () =>
  checkTable(
    `
s && n => 7
nothing && n / 0 => null
"" || "x" => "x"
s || n / 0 => "text"
nothing ?? 1 => 1
0 ?? 1 => 0
0 || 1 => 1
n > 5 ? "big" : "small" => "big"
nothing ? n / 0 : 2 => 2
true && false || true => true
true || false && false => true
1 && 2 && 0 && n / 0 => 0
nothing ?? nothing ?? 3 => 3
(nothing ?? 1) + 1 => 2
n == 7 && s == "text" ? [n, s] : null => [7,"text"]
`,
    DATA,
  ));

test("spread, template literals, arrow functions", () =>
  checkTable(
    String.raw`
[...list, 4, ...nothing] => [3,1,2,4]
[...s] => !wrong_type
[...o] => !wrong_type
{...o.a.b[1], d: 1} => {"c":"deep","d":1}
{...people[0], age: 31} => {"name":"Ann","age":31}
{...nothing} => {}
{...list} => !wrong_type
Math.max(...list) => 3
Math.max(...list, 9, ...[10]) => 10
Math.max(...nothing, 1) => 1
Math.max(...s) => !wrong_type
\`\` => ""
\`a\${n}b\${nothing}c\${list}\` => "a7bc[3,1,2]"
\`\${\`\${n}\`}\` => "7"
\`a\nb\` => "a\nb"
list.map(x => x * 2) => [6,2,4]
list.map((x, i) => x * i) => [0,1,4]
list.map(() => 0) => [0,0,0]
list.map((x) => ({v: x})) => [{"v":3},{"v":1},{"v":2}]
list.map(x => list.map(y => x * y)) => [[9,3,6],[3,1,2],[6,2,4]]
list.map(x => list.filter(x => x > 1)) => [[3,2],[3,2],[3,2]]
list.map(n => n) => [3,1,2]
list.map(sum => sum) => [3,1,2]
people.filter(p => p.age > 25).map(p => p.name) => ["Ann"]
people.map(p => p.age).reduce((a, b) => a + b) => 50
{[nothing]: 1} => !wrong_type
{[list]: 1} => !wrong_type
`
      .replaceAll("\\`", "`")
      .replaceAll("\\$", "$"),
    DATA,
  ));

test("keys named __proto__ are ordinary keys, and set no prototype", () => {
  const sources = [
    '({"__proto__": {a: 1}})',
    "({__proto__: {a: 1}})",
    '({["__pro" + "to__"]: {a: 1}})',
    "{...proto}",
    'fromEntries([["__proto__", {a: 1}]])',
  ];
  for (const source of [
    ...sources,
    "list.groupBy(x => '__proto__')",
    "pick(proto, ['__proto__'])",
    'JSON.parse("{\\"__proto__\\": {}}")',
  ]) {
    const value = evaluate(source, DATA);
    assert.ok(typeof value === "object" && value !== null);
    assert.ok(Object.keys(value).includes("__proto__"), source);
    assert.equal(Object.getPrototypeOf(value), Object.prototype, source);
  }
});

test("a method of null gives null, a method that a value lacks is an error", () =>
  checkTable(
    `
nothing.trim() => null
nothing.map(x => n / 0) => null
o.missing.toUpperCase().split(",") => null
n.trim() => !unknown_method
s.map(x => x) => !unknown_method
t.toFixed() => !unknown_method
o.map(x => x) => !unknown_method
list.trim() => !unknown_method
file.keys() => ["$file","url","name"]
`,
    DATA,
  ));

test("the values of the environment are never changed", () => {
  const before = JSON.stringify(DATA);
  for (const source of ["list.toSorted()", "list.toReversed()", "list.concat([1])", "{...o, a: 1}", "list.reduce((a, b) => [...a, b], [])"])
    evaluate(source, DATA);
  assert.equal(JSON.stringify(DATA), before);
});
