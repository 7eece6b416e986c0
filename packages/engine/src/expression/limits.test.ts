import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { compileExpression, compileTemplate } from "#expression/compile";
import { MAX_EXPRESSIONS, MAX_NESTING, MAX_OPEN_OPERATORS, MAX_RESULT_DEPTH, MAX_SOURCE_LENGTH } from "#expression/limits";
import { contextOf, errorOf, evaluate, problemsOf, scopeOf, templateOf } from "#expression/testing/evaluate";

function codesOf(source: string): readonly string[] {
  return problemsOf(source, { x: null }).map((problem) => problem.code);
}

test("source length", () => {
  const quoted = (length: number): string => `"${"a".repeat(length - 2)}"`;
  assert.deepEqual(codesOf(quoted(MAX_SOURCE_LENGTH)), []);
  assert.deepEqual(codesOf(quoted(MAX_SOURCE_LENGTH + 1)), ["too_long"]);
});

test("expressions in one text", () => {
  const text = (count: number): string => "{{ 1 }}".repeat(count);
  assert.equal(templateOf(text(MAX_EXPRESSIONS)).evaluate(contextOf({})), "1".repeat(MAX_EXPRESSIONS));
  const result = compileTemplate(text(MAX_EXPRESSIONS + 1), scopeOf({}));
  assert.deepEqual(result.ok ? [] : result.problems.map((problem) => problem.code), ["too_many_expressions"]);
});

test("nesting", () => {
  const forms: readonly (readonly [left: string, middle: string, right: string, least: number])[] = [
    ["(", "1", ")", 0],
    ["[", "1", "]", 1],
    ["!", "1", "", 1],
    ["1 ? 1 : ", "1", "", 1],
    ["{a: ", "1", "}", 1],
    ["", "x", ".a", 1],
    ["", "x", "[0]", 1],
    ["abs(", "1", ")", 1],
    ["[1].map(a => ", "1", ")", 3],
    ["`${", "1", "}`", 1],
  ];
  for (const [left, middle, right, own] of forms) {
    const nested = (levels: number): string => left.repeat(levels) + middle + right.repeat(levels);
    assert.deepEqual(codesOf(nested(MAX_NESTING - own)), [], `${left}${right} at the limit`);
    assert.deepEqual(codesOf(nested(MAX_NESTING + 1 - own)), ["too_deep"], `${left}${right} beyond`);
  }
});

test("operators in one place", () => {
  assert.equal(evaluate(`1${"+1".repeat(MAX_OPEN_OPERATORS)}`), MAX_OPEN_OPERATORS + 1);
  assert.deepEqual(codesOf(`1${"+1".repeat(MAX_OPEN_OPERATORS + 1)}`), ["too_many_operators"]);
  assert.deepEqual(codesOf(`[${"1+1,".repeat(5000)}]`), []);
});

test("sources made to exhaust a parser's stack are refused, whatever they nest", () => {
  const n = 60_000;
  const units = [
    "(",
    "[",
    "{a:",
    "`${",
    "!",
    "- ",
    "typeof ",
    "new ",
    "x=>",
    "x=",
    "1?",
    "1?1:",
    "1**",
    "1+",
    "f(",
    "class extends ",
    "()=>{if(1)",
    "()=>{a:",
    "/(",
    "await ",
    "async x=>",
  ];
  for (const unit of units) {
    const source = unit.repeat(Math.floor(n / unit.length));
    assert.notDeepEqual(codesOf(source), [], unit);
    assert.notDeepEqual(codesOf(`${source}1`), [], unit);
  }
  assert.deepEqual(codesOf(`/${"(?:".repeat(15_000)}${")".repeat(15_000)}/`), ["too_deep"]);
  assert.deepEqual(codesOf(`x${".a".repeat(30_000)}`), ["too_deep"]);
  assert.deepEqual(codesOf(`x${"[0]".repeat(20_000)}`), ["too_deep"]);
});

test("fuel: so many steps and no more", () => {
  const data = { list: Array.from({ length: 100 }, (_, i) => i) };
  const source = "list.map(x => x + 1)";
  let least = 0;
  while (!succeeds(source, data, { fuel: least })) least++;
  assert.ok(least > 300 && least < 600, `${least}`);
  const error = errorOf(source, data, { fuel: least - 1 });
  assert.deepEqual([error.type, error.code], ["limit_exceeded", "limit_fuel"]);
  assert.match(error.message, /"fuel"/);
});

function succeeds(source: string, data: JsonObject, limits: { fuel: number }): boolean {
  try {
    evaluate(source, data, limits);
    return true;
  } catch {
    return false;
  }
}

test("fuel grows with the work of native loops", () => {
  const big = {
    s: "a".repeat(1_000_000),
    list: Array.from({ length: 100_000 }, (_, i) => i),
    deep: Array.from({ length: 1000 }, () => ({ a: [1, 2] })),
  };
  const costly = [
    "s.indexOf('b')",
    "s.includes('b')",
    "s.split('b')",
    "s.trim()",
    "s == s + ''",
    "(s + 'a') < (s + 'b')",
    "s[0]",
    "list.includes(-1)",
    "list.toSorted()",
    "list.indexOf(-1)",
    "unique(list)",
    "sum(list)",
    "max(list)",
    "sha256(s)",
    "deep == JSON.parse(JSON.stringify(deep))",
    "list.map(x => 1)",
    "list.every(x => true)",
    "sortBy(list, x => -x)",
    "{...list.groupBy(x => x % 10)}",
  ];
  for (const source of costly) {
    assert.equal(errorOf(source, big, { fuel: 500, maxOutputBytes: 1e9 }).code, "limit_fuel", source);
    evaluate(source, big, { maxOutputBytes: 1e9, fuel: 1e7 });
  }
});

test("output: so many bytes and no more", () => {
  const rows: readonly (readonly [source: string, bytes: number, fits: Json])[] = [
    ["s.padEnd(1000, s)", 1000, "a".repeat(1000)],
    ["s.repeat(100)", 1000, "a".repeat(1000)],
    ["`${s}${s}`", 20, "a".repeat(20)],
    ["s + s", 20, "a".repeat(20)],
    ["s.concat(s)", 20, "a".repeat(20)],
    ["s.replaceAll('a', 'bb')", 20, "bb".repeat(10)],
    ["range(250)", 1502, Array.from({ length: 250 }, (_, i) => i)],
    ["JSON.stringify(s)", 12, '"aaaaaaaaaa"'],
  ];
  for (const [source, bytes, fits] of rows) {
    const data = { s: "a".repeat(10) };
    assert.deepEqual(evaluate(source, data, { maxOutputBytes: bytes }), fits, source);
    const error = errorOf(source, data, { maxOutputBytes: bytes - 1 });
    assert.deepEqual([error.type, error.code], ["limit_exceeded", "limit_output"], source);
    assert.match(error.message, /"output"/);
  }
});

test("output: everything that makes text or containers is counted before it is made", () => {
  const data = {
    s: "a".repeat(1000),
    list: Array.from({ length: 1000 }, (_, i) => i),
    o: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i])),
  };
  const makers = [
    ...[
      "s + s",
      "`a${s}b${s}`",
      "s.padStart(2000)",
      "s.toUpperCase()",
      "s.toLowerCase()",
      "s.normalize()",
      "s.replace('a', s)",
      "s.split('')",
      "String(list)",
    ],
    ...[
      "list.map(x => x)",
      "list.filter(x => true)",
      "list.concat(list)",
      "list.flat()",
      "list.flatMap(x => [x])",
      "list.slice()",
      "list.toSorted()",
      "list.toReversed()",
    ],
    ...[
      "list.toSorted((a, b) => a - b)",
      "[...list]",
      "[[...list]]",
      "list.join('')",
      "list.keys()",
      "list.entries()",
      "chunk(list, 1)",
      "unique(list)",
      "sortBy(list, x => x)",
    ],
    ...[
      "list.groupBy(x => x)",
      "{...o}",
      "keys(o)",
      "values(o)",
      "entries(o)",
      "o.omit(['k1'])",
      "fromEntries(entries(o))",
      "zip({a: list})",
      "range(1000)",
    ],
    ...[
      "JSON.stringify(list)",
      "JSON.parse('[' + list.join(',') + ']')",
      "encodeURIComponent(s)",
      "decodeURIComponent(s)",
      "base64(s)",
      "base64Decode(s)",
    ],
    ...["list.reduce((a, b) => [...a, b], [])", "list.reduce((a, b) => a + 'a' + b, '')", "Math.max(...list)", "{[s]: 1}", "'' + list"],
  ];
  // The result is thrown away, so that it is the making that counts.
  for (const source of makers) assert.equal(errorOf(`typeOf(${source})`, data, { maxOutputBytes: 500 }).code, "limit_output", source);
});

test("a text grown piece by piece costs its length, not its square", () => {
  const list = Array.from({ length: 10_000 }, () => "0123456789");
  const grown = evaluate("list.reduce((text, item) => text + item, '')", { list });
  assert.equal(String(grown).length, 100_000);
  assert.equal(String(evaluate("list.reduce((text, item) => `${item}${text}`, '')", { list })).length, 100_000);
});

test("a result with one part in it many times is measured as it would be written", () => {
  assert.equal(errorOf("range(60).reduce((a, b) => [a, a], 1)", {}).code, "limit_output");
  assert.equal(errorOf("range(60).reduce((a, b) => ({a, b: a}), 1)", {}).code, "limit_output");
  assert.equal(errorOf("[s, s, s]", { s: "a".repeat(4_000_000) }).code, "limit_output");
  assert.equal(errorOf("range(60).reduce((a, b) => [a, a], 1) + ''", {}).code, "limit_output");
  assert.equal(errorOf("range(60).reduce((a, b) => [a, a], 1) == range(60).reduce((a, b) => [a, a], 1)", {}).code, "limit_fuel");
});

test("what is only passed on may be of any size", () => {
  const big = "a".repeat(11 * 1024 * 1024);
  const data: JsonObject = { big, o: { list: [big, 1] } };
  for (const source of [
    "big",
    "o",
    "o.list",
    "o.list[0]",
    "nothing ?? o",
    "true ? o : 1",
    "o.list.at(0)",
    "coalesce(null, o)",
    "o.missing.default(o)",
    "o.list.find(x => true)",
  ]) {
    assert.ok(evaluate(source, { ...data, nothing: null }) !== null, source);
  }
});

test("depth of a result", () => {
  const nest = (levels: number): Json => evaluate(`range(${levels}).reduce((a, b) => [a], 1)`);
  assert.equal(JSON.stringify(nest(MAX_RESULT_DEPTH)).length, 2 * MAX_RESULT_DEPTH + 1);
  const error = errorOf(`range(${MAX_RESULT_DEPTH + 1}).reduce((a, b) => [a], 1)`);
  assert.deepEqual([error.type, error.code], ["limit_exceeded", "limit_depth"]);
  // Deeper ones may come into being and be used, as long as they do not leave.
  assert.equal(evaluate("String(range(50000).reduce((a, b) => [a], 1)).length"), 100_001);
  assert.equal(evaluate("range(50000).reduce((a, b) => [a], 1) == range(50000).reduce((a, b) => [a], 1)"), true);
  assert.equal(errorOf("range(50000).reduce((a, b) => ({a}), 1)").code, "limit_depth");
  assert.equal(errorOf("range(300).reduce((a, b) => [a], 1).flat(1000)").code, "limit_depth");
});

test("every evaluation has its own limits", () => {
  const template = templateOf("{{ s.repeat(100) }}", { s: "a" });
  for (let i = 0; i < 5; i++) assert.equal(String(template.evaluate(contextOf({ s: "a" }, { maxOutputBytes: 150 }))).length, 100);
});

test("a join of expressions in text is limited as one", () => {
  const template = templateOf("{{ s }}{{ s }}", { s: "" });
  assert.equal(String(template.evaluate(contextOf({ s: "aaaaa" }, { maxOutputBytes: 10 }))).length, 10);
  assert.throws(() => template.evaluate(contextOf({ s: "aaaaaa" }, { maxOutputBytes: 10 })), /"output"/);
});

test("a stack that is nearly used up gives an ordinary limit", () => {
  const source = `${"[1].map(a => ".repeat(80)}1${")".repeat(80)}`;
  const result = compileExpression(source, scopeOf({}));
  assert.ok(result.ok);
  const { template } = result;
  const codes = new Set<string>();
  const dig = (): void => {
    try {
      dig();
    } catch {
      // The stack is full here, and emptier with each return.
    }
    try {
      template.evaluate(contextOf({}));
      codes.add("ok");
    } catch (error) {
      codes.add(error instanceof Error ? `${error.name} ${"code" in error ? String(error.code) : ""}` : "");
    }
  };
  try {
    dig();
  } catch {
    // Not even the handler had room.
  }
  codes.delete("RangeError ");
  assert.deepEqual([...codes].sort(), ["ExpressionError limit_depth", "ok"]);
});

test("compiling is bounded too, however types share their parts and however many names are wrong", () => {
  const shared = `[{a: 1, b: 2}]${".map(x => ({a: x, b: x}))".repeat(40)}`;
  assert.deepEqual(codesOf(`true ? ${shared} : ${shared}`), []);
  assert.deepEqual(codesOf(`[${shared}, ${shared}, ${shared}]`), []);
  const wrong = Array.from({ length: 5000 }, (_, i) => `unknown${i}`);
  const problems = problemsOf(`[${wrong.join(",")}]`, { unknown: 1 });
  assert.equal(problems.length, 5000);
  assert.equal(problems.filter((problem) => problem.hint !== undefined).length, 20);
});
