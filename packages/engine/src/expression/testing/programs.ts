import fc from "fast-check";

/** The names that generated programs read; values in `PROGRAM_DATA`. */
export const PROGRAM_DATA = {
  a: 7,
  b: "text {{ a }} ${b}",
  o: { k: [1, "two", null, { deep: true }], m: { n: -1.5 }, b: "own" },
  list: [3, 1, 2, "x", null, [4, [5]], { k: 1 }],
  nothing: null,
  tricky: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"constructor": 1}, "toString": "s", "length": 9, "then": 1}'),
  file: { $file: "f", url: "https://h/a.pdf", name: "a.pdf", format: "pdf", size: 1 },
};

const ROOTS = Object.keys(PROGRAM_DATA);
export const PARAMETERS = ["p", "q", "a", "item"];
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
export const programs: fc.Arbitrary<string> = fc.letrec<{ e: string; arrow: string }>((tie) => ({
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
export const hostilePrograms: fc.Arbitrary<string> = fc.letrec<{ e: string; s: string }>((tie) => {
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
