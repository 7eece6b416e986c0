import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import fc from "fast-check";
import { compileTemplate } from "#expression/compile";
import { completeTemplate } from "#expression/complete";
import { ExpressionError } from "#expression/errors";
import { renameInTemplate } from "#expression/rename";
import { contextOf, scopeOf } from "#expression/testing/evaluate";
import { intrinsicKeys } from "#expression/testing/intrinsics";
import { PROGRAM_DATA } from "#expression/testing/program-data";
import { runGuarded } from "#expression/testing/run-guarded";

const ROOTS = Object.keys(PROGRAM_DATA);
const PARAMETERS = ["p", "q", "a", "item"];
const MEMBERS = ["k", "m", "n", "b", "length", "missing", "deep", "url", "toString", "then"];
const KEYS = ["k", "__proto__", "constructor", "prototype", "0", "-1", "length", "toString", "$file"];
const BINARY = ["+", "-", "*", "/", "%", "==", "!=", "===", "!==", "<", "<=", ">", ">=", "&&", "||"];
const CALLBACK_METHODS = [
  "map",
  "filter",
  "find",
  "findIndex",
  "some",
  "every",
  "flatMap",
  "groupBy",
  "sortBy",
  "unique",
  "sum",
  "toSorted",
];
const PLAIN_METHODS = [
  "slice",
  "flat",
  "join",
  "trim",
  "keys",
  "values",
  "entries",
  "toUpperCase",
  "toReversed",
  "isEmpty",
  "toString",
  "split",
  "sum",
];
const UNARY_FUNCTIONS = [
  "String",
  "Boolean",
  "Number",
  "keys",
  "entries",
  "isEmpty",
  "JSON.stringify",
  "Math.abs",
  "typeOf",
  "sha256",
  "base64",
  "encodeURIComponent",
  "unique",
];

/** Programs of the language, most of which compile; many fail when they run, by type or by limit. */
const programs: fc.Arbitrary<string> = fc.letrec<{ e: string; arrow: string }>((tie) => ({
  arrow: fc.tuple(fc.subarray(PARAMETERS, { maxLength: 2 }), tie("e")).map(([params, body]) => `(${params.join(", ")}) => (${body})`),
  e: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    fc.oneof(
      fc.constantFrom(...ROOTS, ...PARAMETERS, "null", "true", "1", "0", "-2.5", '"s"', "'}}'", "[]", "({})", "now()", "uuid()"),
      fc.integer({ min: -1000, max: 1000 }).map((n) => `(${n})`),
      fc.string({ maxLength: 5 }).map((s) => JSON.stringify(s)),
    ),
    fc.tuple(tie("e"), fc.constantFrom(...BINARY), tie("e")).map(([l, op, r]) => `(${l}) ${op} (${r})`),
    fc.tuple(tie("e"), tie("e")).map(([l, r]) => `(${l}) ?? (${r})`),
    fc.tuple(tie("e"), tie("e"), tie("e")).map(([t, y, n]) => `(${t}) ? (${y}) : (${n})`),
    fc.tuple(fc.constantFrom("-", "+", "!"), tie("e")).map(([op, v]) => `${op}(${v})`),
    fc.tuple(tie("e"), fc.constantFrom(".", "?."), fc.constantFrom(...MEMBERS)).map(([o, dot, name]) => `(${o})${dot}${name}`),
    fc.tuple(tie("e"), tie("e")).map(([o, i]) => `(${o})[${i}]`),
    fc.tuple(tie("e"), fc.constantFrom(...KEYS)).map(([o, key]) => `(${o})["" + ${JSON.stringify(key)}]`),
    fc
      .array(
        fc.oneof(
          tie("e"),
          tie("e").map((v) => `...(${v})`),
        ),
        { maxLength: 4 },
      )
      .map((items) => `[${items.join(", ")}]`),
    fc
      .array(fc.tuple(fc.constantFrom("k", '"__proto__"', "__proto__: 1, z", '["" + a]', "3"), tie("e")), { maxLength: 3 })
      .map((members) => {
        return `({${members.map(([key, value]) => `${key}: (${value})`).join(", ")}})`;
      }),
    fc.tuple(tie("e"), tie("e")).map(([spread, value]) => `({...(${spread}), k: (${value})})`),
    fc.constantFrom(...ROOTS).map((name) => `({${name}})`),
    fc.tuple(tie("e"), tie("e")).map(([l, r]) => `\`x\${${l}}y\${${r}}\``),
    fc.tuple(tie("e"), fc.constantFrom(...CALLBACK_METHODS), tie("arrow")).map(([o, name, f]) => `(${o}).${name}(${f})`),
    fc.tuple(tie("e"), tie("arrow"), tie("e")).map(([o, f, start]) => `(${o}).reduce(${f}, ${start})`),
    fc.tuple(tie("e"), fc.constantFrom(...PLAIN_METHODS)).map(([o, name]) => `(${o}).${name}()`),
    fc.tuple(fc.constantFrom(...UNARY_FUNCTIONS), tie("e")).map(([name, value]) => `${name}(${value})`),
    fc.tuple(tie("e"), tie("e")).map(([l, r]) => `coalesce(${l}, ...[${r}])`),
  ),
})).e;

test("programs of the language give plain JSON or an ExpressionError, within their limits, and touch nothing", () => {
  const before = intrinsicKeys();
  const data = JSON.stringify(PROGRAM_DATA);
  const outcomes = { refused: 0, value: 0, error: 0 };
  fc.assert(
    fc.property(programs, (source) => {
      outcomes[runGuarded(source, PROGRAM_DATA)]++;
    }),
    { numRuns: 6000 },
  );
  assert.deepEqual(intrinsicKeys(), before);
  assert.equal(JSON.stringify(PROGRAM_DATA), data);
  // The generator is worth something only while a good part of its programs runs to a value, and another fails while running.
  assert.ok(outcomes.value > 500 && outcomes.error > 100, JSON.stringify(outcomes));
});

test("evaluating after a rename is evaluating before it", () => {
  let compared = 0;
  const targets = [...PARAMETERS.filter((name) => name !== "a"), "fresh"];
  fc.assert(
    fc.property(programs, fc.constantFrom("a", "o", "list"), fc.constantFrom(...targets), (source, from, to) => {
      const text = `${from} {{ ${source} }} "${from}"`;
      const result = renameInTemplate(text, { from: [from], to });
      const before = outcome(text, PROGRAM_DATA);
      if (!result.ok) return assert.equal(before, null);
      // What did not compile may do so now: the new name was an unknown one.
      if (before === null) return;
      const { [from]: moved = null, ...others } = PROGRAM_DATA as JsonObject;
      assert.deepEqual(outcome(result.text, { ...others, [to]: moved }), before, `${text}\n${result.text}`);
      compared++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(compared > 500, `${compared}`);
});

test("evaluating after a field's rename is evaluating before it", () => {
  fc.assert(
    fc.property(programs, (source) => {
      const text = `{{ o.k }} {{ ${source} }}`;
      const result = renameInTemplate(text, { from: ["o", "m"], to: "renamed" });
      assert.ok(result.ok || outcome(text, PROGRAM_DATA) === null);
      // Undoing it gives the text back.
      if (result.ok) assert.equal(renamedBack(result.text), text);
    }),
    { numRuns: 1000 },
  );
});

/** Null: it does not compile; else the value, or the code of the error. */
function outcome(text: string, data: JsonObject): Json {
  const result = compileTemplate(text, scopeOf(data));
  if (!result.ok) return null;
  try {
    return [result.template.evaluate(contextOf(data, { fuel: 20_000, maxOutputBytes: 50_000 }))];
  } catch (error) {
    if (error instanceof ExpressionError) return error.code;
    throw error;
  }
}

function renamedBack(text: string): string {
  const result = renameInTemplate(text, { from: ["o", "renamed"], to: "m" });
  assert.ok(result.ok);
  return result.text;
}

test("completion never throws, wherever the caret is", () => {
  const scope = scopeOf(PROGRAM_DATA, true);
  fc.assert(
    fc.property(programs, fc.nat(), (source, place) => {
      const text = `a {{ ${source} }}`;
      const offset = place % (text.length + 1);
      for (const { start, end } of completeTemplate(text, offset, scope)) assert.ok(start <= offset && offset <= end && end <= text.length);
    }),
    { numRuns: 1000 },
  );
});
