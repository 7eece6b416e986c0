import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import fc from "fast-check";
import { ExpressionError } from "#expression/errors";
import { evaluate, evaluateTemplate } from "#expression/testing/evaluate";

const RUNS = { numRuns: 3000 };

/** Any UTF-16 text, lone surrogates too, and text made of what the template syntax is made of. */
const text = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc
    .array(fc.constantFrom("{{", "}}", "{", "}", "\\", "x", " x ", "${", "`", "'", '"', "\n", "</script>", "__proto__"))
    .map((parts) => parts.join("")),
);

test("any string goes through an expression byte for byte, and is never read again", () => {
  fc.assert(
    fc.property(text, text, (x, y) => {
      const data = { x, y };
      assert.equal(evaluateTemplate("{{ x }}", data), x);
      assert.equal(evaluateTemplate("a{{ x }}b", data), `a${x}b`);
      assert.equal(evaluateTemplate("{{ x }}{{ y }}", data), x + y);
      assert.equal(evaluateTemplate("{{ `${x}` }}", data), x);
      assert.equal(evaluateTemplate("{{ [x, y].join('') }}", data), x + y);
      assert.equal(evaluateTemplate("{{ x + y }}", data), x + y);
      assert.equal(evaluateTemplate("{{ String(x) }}", data), x);
      assert.equal(evaluateTemplate("{{ JSON.parse(JSON.stringify(x)) }}", data), x);
      assert.deepEqual(evaluateTemplate("{{ {[x]: y} }}", data), JSON.parse(`{${JSON.stringify(x)}: ${JSON.stringify(y)}}`));
      assert.equal(evaluateTemplate("{{ 'z'.replaceAll('z', x) }}", data), x);
    }),
    RUNS,
  );
});

test("a text without braces is itself, and an escaped one is what it says", () => {
  fc.assert(
    fc.property(text, (s) => {
      const escaped = s.replace(/[\\{]/g, (character) => (character === "{" ? "{{ '{' }}" : "{{ '\\\\' }}"));
      assert.equal(evaluateTemplate(escaped, {}), s);
      if (!s.includes("{{")) assert.equal(evaluateTemplate(s, {}), s);
    }),
    RUNS,
  );
});

test("values go through unchanged", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const v = JSON.parse(JSON.stringify(value));
      assert.equal(evaluate("v", { v }), v);
      assert.deepEqual(evaluate("[v, {v}, ...[v]]", { v }), [v, { v }, v]);
      assert.equal(evaluate("v == JSON.parse(JSON.stringify(v))", { v }), true);
    }),
    { numRuns: 500 },
  );
});

interface Computed {
  readonly source: string;
  /** What the host computes; throws where that is not a finite number. */
  readonly run: () => number;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError("not finite");
  return value;
}

const ARITHMETIC: { readonly [operator: string]: (l: number, r: number) => number } = {
  "+": (l, r) => l + r,
  "-": (l, r) => l - r,
  "*": (l, r) => l * r,
  "/": (l, r) => l / r,
  "%": (l, r) => l % r,
};

const COMPARISON: { readonly [operator: string]: (l: number, r: number) => boolean } = {
  "<": (l, r) => l < r,
  "<=": (l, r) => l <= r,
  ">": (l, r) => l > r,
  ">=": (l, r) => l >= r,
  "==": (l, r) => l === r,
  "!=": (l, r) => l !== r,
};

const numeric: fc.Arbitrary<Computed> = fc.letrec<{ n: Computed }>((tie) => ({
  n: fc.oneof(
    { maxDepth: 5 },
    fc
      .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -9, max: 9 }))
      .filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n))
      .map((n) => ({ source: n < 0 ? `(${n})` : `${n}`, run: () => n })),
    fc.tuple(tie("n"), fc.constantFrom(...Object.keys(ARITHMETIC)), tie("n")).map(([l, op, r]) => {
      return { source: `(${l.source} ${op} ${r.source})`, run: () => finite(ARITHMETIC[op]?.(l.run(), r.run()) ?? Number.NaN) };
    }),
    fc.tuple(tie("n"), fc.constantFrom(...Object.keys(COMPARISON)), tie("n"), tie("n")).map(([l, op, r, other]) => {
      const source = `(${l.source} ${op} ${r.source} ? ${l.source} : ${other.source})`;
      return { source, run: () => (COMPARISON[op]?.(l.run(), r.run()) === true ? l.run() : other.run()) };
    }),
    tie("n").map((n) => ({ source: `(-${n.source})`, run: () => -n.run() })),
    fc.tuple(tie("n"), tie("n")).map(([l, r]) => ({ source: `(${l.source} || ${r.source})`, run: () => l.run() || r.run() })),
    fc.tuple(tie("n"), tie("n")).map(([l, r]) => ({ source: `(${l.source} && ${r.source})`, run: () => l.run() && r.run() })),
  ),
})).n;

test("arithmetic, comparison and logic agree with JavaScript on finite numbers", () => {
  fc.assert(
    fc.property(numeric, ({ source, run }) => {
      const expected = attempt(run);
      const actual = attempt(() => evaluate(source));
      if (expected.ok) assert.ok(actual.ok && actual.value === expected.value, source);
      else assert.ok(!actual.ok && actual.error instanceof ExpressionError && actual.error.code === "not_finite", source);
    }),
    RUNS,
  );
});

test("chains of operators without parentheses group as in JavaScript", () => {
  const number = fc.integer({ min: 1, max: 99 });
  fc.assert(
    fc.property(number, number, number, number, (a, b, c, d) => {
      const data = { a, b, c, d };
      assert.equal(evaluate("a + b * c - d % a", data), a + b * c - (d % a));
      assert.equal(evaluate("a - b - c + d", data), a - b - c + d);
      assert.equal(evaluate("a * b / c % d", data), ((a * b) / c) % d);
      assert.equal(evaluate("a < b == c < d", data), a < b === c < d);
      assert.equal(evaluate("a < b && b < c || c < d && !(a > d)", data), (a < b && b < c) || (c < d && !(a > d)));
      assert.equal(evaluate("a > b ? c : b > c ? a : d", data), a > b ? c : b > c ? a : d);
    }),
  );
});

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}

test("methods of texts and lists agree with JavaScript", () => {
  const index = fc.integer({ min: -8, max: 8 });
  const short = fc.string({ unit: fc.constantFrom("a", "b", "$", "&", " ", "é", "\u{1F600}"), maxLength: 8 });
  fc.assert(
    fc.property(short, short, index, index, fc.array(fc.integer({ min: -3, max: 3 })), (s, t, i, j, list) => {
      const same = (source: string, expected: Json): void => assert.deepEqual(evaluate(source, { s, t, i, j, list }), expected, source);
      same("s.slice(i, j)", s.slice(i, j));
      same("s.substring(i, j)", s.substring(i, j));
      same("[s.at(i), s.charAt(i)]", [s.at(i) ?? null, s.charAt(i)]);
      same("[s.indexOf(t), s.indexOf(t, i), s.lastIndexOf(t), s.includes(t, i)]", [
        s.indexOf(t),
        s.indexOf(t, i),
        s.lastIndexOf(t),
        s.includes(t, i),
      ]);
      same("[s.startsWith(t), s.endsWith(t)]", [s.startsWith(t), s.endsWith(t)]);
      same("[s.split(t), s.split(t, 2)]", [s.split(t), s.split(t, 2)]);
      same("[s.padStart(i, t), s.padEnd(i, t)]", [s.padStart(i, t), s.padEnd(i, t)]);
      same("[s.trim(), s.trimStart(), s.trimEnd(), s.toUpperCase()]", [s.trim(), s.trimStart(), s.trimEnd(), s.toUpperCase()]);
      same("[s.replace(t, s), s.replaceAll(t, s)]", [s.replace(t, () => s), s.replaceAll(t, () => s)]);
      same("[s < t, s <= t, s == t, s > t]", [s < t, s <= t, s === t, s > t]);
      same("list.slice(i, j)", list.slice(i, j));
      same("[list.at(i), list.indexOf(i), list.lastIndexOf(i), list.includes(i, j)]", [
        list.at(i) ?? null,
        list.indexOf(i),
        list.lastIndexOf(i),
        list.includes(i, j),
      ]);
      same("[list.indexOf(i, j), list.findIndex(x => x > i), list.findLast(x => x > i)]", [
        list.indexOf(i, j),
        list.findIndex((x) => x > i),
        list.findLast((x) => x > i) ?? null,
      ]);
      same(
        "list.map((x, n) => x - n).filter(x => x > i)",
        list.map((x, n) => x - n).filter((x) => x > i),
      );
      same("[list.some(x => x == i), list.every(x => x > i)]", [list.some((x) => x === i), list.every((x) => x > i)]);
      same(
        "list.reduce((a, b) => a - 2 * b + i, i)",
        list.reduce((a, b) => a - 2 * b + i, i),
      );
      same(
        "list.toSorted((a, b) => b - a)",
        list.toSorted((a, b) => b - a),
      );
      same(
        "list.toSorted()",
        list.toSorted((a, b) => a - b),
      );
      same("[list, [list]].flat(2)", [list, [list]].flat(2));
      same(
        "list.flatMap(x => [x, i]).concat(list, i).toReversed().join(t)",
        list
          .flatMap((x) => [x, i])
          .concat(list, i)
          .toReversed()
          .join(t),
      );
    }),
    { numRuns: 1000 },
  );
});
