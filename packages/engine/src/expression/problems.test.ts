import assert from "node:assert/strict";
import { test } from "node:test";
import { say } from "@millrace/contract";
import { compileTemplate } from "#expression/compile";
import { problemsOf, scopeOf } from "#expression/testing/evaluate";
import { rowsOf } from "#expression/testing/table";

const DATA = { x: { y: 1 }, s: "a", n: 1, list: [1], t: true, o: { a: 1 }, file: { $file: "f", url: "u" }, people: [{ name: "Ann" }] };

/** `expression => codes of its problems, in order`. */
function check(table: string, typed: boolean): void {
  for (const { source, expected } of rowsOf(table)) {
    const codes = problemsOf(source, DATA, typed).map((problem) => problem.code);
    assert.equal(codes.join(" "), expected, source);
  }
}

test("syntax outside the language is refused, whatever it is", () =>
  check(
    String.raw`
x = 1 => unsupported_syntax
x += 1 => unsupported_syntax
x.y = 1 => unsupported_syntax
[n] = list => unsupported_syntax
x++ => unsupported_syntax
--x => unsupported_syntax
(x, n) => unsupported_syntax
x, n => unsupported_syntax
new x() => unsupported_syntax
new.target => syntax
this => unknown_variable
super.x => syntax
typeof x => unsupported_syntax
void 0 => unsupported_syntax
delete x.y => unsupported_syntax
~n => unsupported_syntax
n & 1 => unsupported_syntax
n | 1 => unsupported_syntax
n ^ 1 => unsupported_syntax
n << 1 => unsupported_syntax
n >> 1 => unsupported_syntax
n >>> 1 => unsupported_syntax
n ** 2 => unsupported_syntax
"y" in x => unsupported_syntax
x instanceof n => unsupported_syntax
#a in x => syntax
x.#a => syntax
function () { return 1 } => unsupported_syntax
function* () { yield 1 } => unsupported_syntax
async () => 1 => function_as_value
() => 1 => function_as_value
(() => 1)() => function_as_value
list.map(x => { return x }) => unsupported_syntax
list.map(function (x) { return x }) => unsupported_syntax
list.map(async x => x) => unsupported_syntax
list.map(({ y }) => y) => unsupported_syntax
list.map(([y]) => y) => unsupported_syntax
list.map((y = 1) => y) => unsupported_syntax
list.map((...y) => y) => unsupported_syntax
list.map((y, y) => y) => syntax
list.map((__proto__) => 1) => forbidden_name
class {} => unsupported_syntax
s${"`a`"} => unsupported_syntax
await x => syntax
yield x => syntax
import("x") => unsupported_syntax
import.meta => syntax
/a+/ => unsupported_syntax
/a+/.test(s) => unsupported_syntax
1n => unsupported_syntax
010 => unsupported_syntax
08 => unsupported_syntax
"\07" => unsupported_syntax
"\8" => unsupported_syntax
x?.() => unsupported_syntax
s.trim?.() => unsupported_syntax
[1, , 2] => unsupported_syntax
{ a() { return 1 } } => unsupported_syntax
{ get a() { return 1 } } => unsupported_syntax
{ set a(v) {} } => unsupported_syntax
{ async a() {} } => unsupported_syntax
{ *a() {} } => unsupported_syntax
x /* a */ => unsupported_syntax
// a => syntax
x // a => unsupported_syntax
x <!-- a => unsupported_syntax
if (x) 1 => syntax
let y = 1 => syntax
x; n => syntax
x n => syntax
(x => syntax
x) => syntax
(x)) => syntax
x.. => syntax
"a => syntax
{ a => syntax
${"`${x`"} => syntax
n ?? x || 1 => syntax
   => empty_expression
`,
    false,
  ));

test("numbers that no double holds exactly are refused", () =>
  check(
    `
1e999 => number_out_of_range
-1e999 => number_out_of_range
9007199254740993 => number_out_of_range
9007199254740991 =>
1e308 =>
1e-999 =>
0.1 =>
`.replaceAll(" =>\n", " => \n"),
    false,
  ));

test("forbidden names are refused wherever they are written", () =>
  check(
    String.raw`
x.constructor => forbidden_name
x.__proto__ => forbidden_name
x?.prototype => forbidden_name
x.\u0063onstructor => forbidden_name
constructor => forbidden_name
s.constructor("a") => forbidden_name
{constructor} => forbidden_name
list.map(constructor => 1) => forbidden_name
Math.constructor => forbidden_name
x["constructor"] => 
{"constructor": 1} => 
`,
    false,
  ));

test("names and calls that cannot be", () =>
  check(
    `
y => unknown_variable
xx.a.b => unknown_variable
globalThis => unknown_variable
arguments => unknown_variable
NaN => unknown_variable
Infinity => unknown_variable
list.map(a => b) => unknown_variable
sum => function_as_value
Math => function_as_value
Math.max => function_as_value
list.map(String) => function_as_value wrong_type
Math.maxx => unknown_function
Math.random() => unknown_function
foo(1) => unknown_function
trim(s) => unknown_function
foo(y, list.map(a => z)) => unknown_function unknown_variable unknown_variable
x(1) => not_callable
1(2) => not_callable
"a"() => not_callable
x.y()() => not_callable unknown_method
list[0]() => not_callable
x["map"](1) => not_callable
Math() => not_callable
list.map(f => f(1)) => not_callable
s.foo() => unknown_method
s.sort() => unknown_method
Math.max.call(null, 1) => function_as_value unknown_method
sum() => wrong_arguments
sum(list, x => x, 1) => wrong_arguments
now(1) => wrong_arguments
s.slice(1, 2, 3) => wrong_arguments
sum(...list) =>
Math.max(1, 2, 3, 4) =>
list.map() => wrong_arguments
list.map(x) => wrong_type
list.map(...list) =>
list.map((a, b, c) => a) => wrong_arguments
list.slice(x => x) => wrong_type
s.padEnd("a") => wrong_type
s.padEnd(2, 3) => wrong_type
Math.abs("a") => wrong_type
"a" - 1 => wrong_type
true + false => wrong_type
[1] + [2] => wrong_type
[] * 1 => wrong_type
-"a" => wrong_type
+[] => wrong_type
[..."a"] => wrong_type
{...[]} => wrong_type
Math.max(..."a") => wrong_type
(1).map(a => a) => unknown_method
"a".map(a => a) => unknown_method
[].trim() => unknown_method
({}).trim() => unknown_method
`.replaceAll(" =>\n", " => \n"),
    false,
  ));

test("known types show more before a run", () =>
  check(
    `
n.trim() => unknown_method
s.map(a => a) => unknown_method
list.toUpperCase() => unknown_method
t.keys() => unknown_method
file.map(a => a) => unknown_method
file.url.trim() =>
s - 1 => wrong_type
list + o => wrong_type
n + t => wrong_type
n + s =>
s.length - 1 =>
list.length.trim() => unknown_method
people.map(p => p.name - 1) => wrong_type
people.map((p, i) => i.trim()) => unknown_method
people.map(p => p.name).map(a => a * 2) => wrong_type
people.filter(p => p.name).map(p => p.name.foo()) => unknown_method
people.find(p => true).name.map(a => a) => unknown_method
list.map(a => [a]).at(0).trim() => unknown_method
list.reduce((total, a) => total.anything + a) =>
sum(s) => wrong_type
sum(list).trim() => unknown_method
(n > 0 ? s : "b").map(a => a) => unknown_method
(s ?? "b") * 2 => wrong_type
\`a\` * 2 => wrong_type
{a: 1}.a.trim() => unknown_method
{...o}.a.trim() => unknown_method
[...list, 1].at(0).trim() => unknown_method
s.split(",").map(a => a * 2) => wrong_type
zip({a: list}).map(z => z.a) =>
o.missing.whatever.trim() =>
`.replaceAll(" =>\n", " => \n"),
    true,
  ));

test("problems say where and what to do", () => {
  const at = (source: string): string => {
    const [problem] = problemsOf(source, { start: 1, fetch: 2 });
    return `${source.slice(problem?.start, problem?.end)}: ${problem?.hint ?? ""}`;
  };
  assert.equal(at("1 + strat.topic"), "strat: did you mean start?");
  assert.equal(at("Fetch.body"), "Fetch: did you mean fetch?");
  assert.equal(at("start.topic.toUppercase()"), "toUppercase: did you mean toUpperCase?");
  assert.equal(at("sumn([1])"), "sumn: did you mean sum?");
  assert.equal(at("start.list.sort()"), "sort: Write toSorted, which gives a sorted copy.");
  assert.equal(at("'a'.toFixed()"), "toFixed: It is a method of: number.");
  assert.equal(at("trim(start)"), 'trim: "trim" is a method: write value.trim(…).');
  assert.equal(at("typeof start"), 'typeof start: Use typeOf(value), which gives "string", "list", …');
  assert.equal(at("qqqqqqqq"), "qqqqqqqq: ");
});

test("all problems of all expressions are found at once, with offsets in the whole string", () => {
  const text = "a {{ foo }} b {{ 1 + }} c {{ bar(baz) }} d {{ x }}";
  const result = compileTemplate(text, scopeOf({ x: 1 }));
  assert.ok(!result.ok);
  const found = result.problems.map(({ code, start, end }) => `${code} ${text.slice(start, end)}`);
  assert.deepEqual(found, ["unknown_variable foo", "syntax ", "unknown_function bar", "unknown_variable baz"]);
  assert.deepEqual(
    result.problems.map((problem) => problem.start),
    [5, 21, 29, 33],
  );
});

test("the resolver may say in its own words why a name cannot be read", () => {
  const result = compileTemplate("{{ later.x.y[0] }}", {
    resolve: () => null,
    explain: (name, path) => ({
      code: "reference_not_upstream",
      message: say`${name} ${path.join("/")} runs later.`,
      hint: say`Add an edge.`,
    }),
  });
  assert.ok(!result.ok);
  assert.deepEqual(result.problems, [
    { code: "reference_not_upstream", message: "later x/y runs later.", start: 3, end: 12, hint: "Add an edge." },
  ]);
});

test("what the parser cannot read is told in words of our own, which every language has", () => {
  const told = {
    "x.": "The expression ends too soon.",
    "x +": "The expression ends too soon.",
    "list.map(": "The expression ends too soon.",
    "'a": "A text is not closed: its last quote is missing.",
    "`a${x}": "A text is not closed: its last quote is missing.",
    "'\\u12'": "After \\ in a text stands nothing that it is for.",
    "1_": "This is no number.",
    "3x": "This is no number.",
    "x ?? n || n": "`??` stands beside `||` or `&&` in parentheses only.",
    "x + if": 'Unexpected "if" in the expression.',
    "x + 12 * ) 2": 'Unexpected ")" in the expression.',
    "x + @": 'Unexpected "@" in the expression.',
    "[1, 2": "The expression ends too soon.",
  };
  for (const [source, message] of Object.entries(told))
    assert.deepEqual(
      problemsOf(source, DATA, false).map((problem) => [problem.code, problem.message]),
      [["syntax", message]],
      source,
    );
});
