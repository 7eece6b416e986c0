import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileTemplate } from "#expression/compile";
import { scopeOf } from "#expression/testing/evaluate";
import { intrinsicKeys } from "#expression/testing/intrinsics";
import { runGuarded } from "#expression/testing/run-guarded";

const WORDS = [
  "process",
  "globalThis",
  "Function",
  "eval",
  "constructor",
  "__proto__",
  "prototype",
  "this",
  "arguments",
  "require",
  "Object",
  "Reflect",
  "x",
  "list",
  "Math",
  "JSON",
];

/** Source text of any kind of ECMAScript node, hostile on purpose; almost none of it is of the language. */
const hostilePrograms: fc.Arbitrary<string> = fc.letrec<{ e: string; s: string }>((tie) => {
  const e = tie("e");
  const s = tie("s");
  const wrap = (...forms: readonly string[]): fc.Arbitrary<string> => {
    return fc.tuple(fc.constantFrom(...forms), e, e, s, fc.constantFrom(...WORDS)).map(([form, a, b, body, word]) => {
      return form
        .replaceAll("A", () => a)
        .replaceAll("B", () => b)
        .replaceAll("S", () => body)
        .replaceAll("W", () => word);
    });
  };
  return {
    e: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.constantFrom(
        ...WORDS,
        "1",
        '"constructor"',
        "null",
        "`x`",
        "/x/",
        "1n",
        "undefined",
        "[]",
        "({})",
        "new.target",
        "import.meta",
        "super.x",
      ),
      wrap(
        "(A)",
        "A.W",
        "A[B]",
        'A["W"]',
        "A?.W",
        "A?.[B]",
        "A?.(B)",
        "A(B)",
        "A(...B)",
        "A.W(B)",
        "A.call(B)",
        "A.bind(B)(A)",
        "new A(B)",
        "A`${B}`",
      ),
      wrap(
        "A = B",
        "A += B",
        "A ??= B",
        "A++",
        "--A",
        "[W] = A",
        "({W} = A)",
        "A.W = B",
        "A, B",
        "(A, B)",
        "A ? B : A",
        "A ** B",
        "A in B",
        "A instanceof B",
      ),
      wrap(
        "typeof A",
        "void A",
        "delete A.W",
        "~A",
        "!A",
        "-A",
        "await A",
        "yield A",
        "A & B",
        "A | B",
        "A >>> B",
        "A ?? B",
        "A || B",
        "A && B",
        "A == B",
        "A + B",
      ),
      wrap(
        "[A, B]",
        "[...A]",
        "({W: A})",
        "({[A]: B})",
        "({...A})",
        "({W})",
        "({W() { S }})",
        "({get W() { S }})",
        "({set W(v) { S }})",
        "({__proto__: A})",
      ),
      wrap(
        "() => A",
        "W => A",
        "({W}) => A",
        "(W = A) => B",
        "(...W) => A",
        "async () => A",
        "() => { S }",
        "function () { S }",
        "function* W() { S }",
      ),
      wrap(
        "async function () { S }",
        "class { W() { S } }",
        "class extends A {}",
        "class { #W = A; static { S } }",
        "import(A)",
        "#W in A",
        "`${A}${B}`",
        "A.#W",
      ),
      wrap(
        "list.map(W => A)",
        "list.map((W, x) => A.W)",
        "list.map(A)",
        "list.reduce((W, x) => A, B)",
        "x.W.W(A)",
        "Math.W(A)",
        "JSON.W(A)",
        "Object.W(A)",
      ),
      wrap(
        "list.map(({constructor: W}) => A)",
        'list.map(W => W["" + A])',
        "entries(A).map(W => W[0][A])",
        'path(A, "constructor.W")',
        'A["con" + "structor"]',
      ),
    ),
    s: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom("", ";", "return", "break", "continue", "debugger"),
      wrap(
        "return A",
        "A;",
        "let W = A;",
        "const {W} = A;",
        "var [W] = A;",
        "if (A) { S } else S",
        "for (let W of A) S",
        "for (W in A) S",
        "for (;;) { S }",
      ),
      wrap(
        "while (A) S",
        "do { S } while (A)",
        "switch (A) { case B: S; default: S }",
        "throw A",
        "try { S } catch (W) { S } finally { S }",
        "W: S",
        "with (A) { S }",
      ),
      wrap(
        "function W() { S }",
        "class W extends A { constructor() { super(A) } }",
        "import W from 'x'",
        "export default A",
        "{ S }",
        "async function W() { for await (x of A) S }",
      ),
    ),
  };
}).e;

test("hostile programs of every kind of node are refused or give plain data", () => {
  const before = intrinsicKeys();
  const outcomes = { refused: 0, value: 0, error: 0 };
  fc.assert(
    fc.property(hostilePrograms, (source) => {
      outcomes[runGuarded(source, { x: { y: 1 }, list: [1, 2] })]++;
    }),
    { numRuns: 6000 },
  );
  assert.deepEqual(intrinsicKeys(), before);
  assert.ok(outcomes.refused > 1000 && outcomes.value > 50, JSON.stringify(outcomes));
});

test("any text at all compiles or has problems, as expression and as template", () => {
  const tokens = fc.array(
    fc.constantFrom(..."(){}[]`${ }` ' \" \\ . ?. ... => = == + - * / % ! ? : , ; x list map 1 /* */ // <!-- #! \n {{ }} \\{{".split(" ")),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        tokens.map((parts) => parts.join("")),
        tokens.map((parts) => parts.join(" ")),
      ),
      (source) => {
        runGuarded(source, { x: 1, list: [1] });
        const template = compileTemplate(`{{ ${source} }}`, scopeOf({ x: 1, list: [1] }));
        if (!template.ok) assert.ok(template.problems.length > 0);
      },
    ),
    { numRuns: 5000 },
  );
});
