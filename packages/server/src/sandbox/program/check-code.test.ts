import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_CODE_CHARS } from "#sandbox/limits";
import { type CodeLanguage, checkCode } from "#sandbox/program/prepare";

const GOOD: readonly [CodeLanguage, string][] = [
  ["javascript", "return 1;"],
  ["javascript", "function main(inputs) { return inputs; }"],
  ["javascript", "export default async ({ a }) => a"],
  ["javascript", "const x = await f(); return x"],
  ["javascript", "<!-- a comment of old\nreturn 2;"],
  ["javascript", "return import('x')"],
  ["typescript", "interface A { b: number }\nenum C { D }\nfunction main(a: A): number { return a.b as number + C.D }"],
  ["typescript", "import type { A } from 'x'; return 1"],
];

for (const [language, code] of GOOD)
  test(`${language} is accepted: ${JSON.stringify(code)}`, () => assert.deepEqual(checkCode(language, code), []));

const BAD: readonly [CodeLanguage, string, RegExp, number, number][] = [
  ["javascript", "const a = 1;\nreturn {;", /Unexpected token/, 2, 9],
  ["javascript", "return 1; /* unclosed", /Unterminated comment/, 1, 11],
  ["javascript", "} ; globalThis.brokeOut = 1; (function(){ return 1;", /Unexpected token/, 1, 1],
  ["javascript", "// first\nimport x from 'y'", /cannot import/, 2, 1],
  ["javascript", "const a = 1;\n  export * from 'y'", /cannot import/, 2, 3],
  ["javascript", "export { a } from 'y'", /cannot import/, 1, 1],
  ["javascript", "export default 1; return 2; let a; let a", /already been declared/, 1, 40],
  ["typescript", "const a: number = ;", /Unexpected token/, 1, 19],
  ["typescript", "let x: number = 1;\nlet y: = 2", /Unexpected token/, 2, 8],
];

for (const [language, code, message, line, column] of BAD) {
  test(`${language} is refused: ${JSON.stringify(code)}`, () => {
    const [problem, ...others] = checkCode(language, code);
    assert.match(problem?.message ?? "", message);
    assert.deepEqual([problem?.line, problem?.column, others], [line, column, []]);
  });
}

test("code may be as long as the limit and no longer", () => {
  const code = (length: number) => `return 1;${" ".repeat(length - 9)}`;
  assert.deepEqual(checkCode("javascript", code(MAX_CODE_CHARS)), []);
  assert.match(checkCode("javascript", code(MAX_CODE_CHARS + 1))[0]?.message ?? "", /65537 characters; at most 65536/);
});

const DEEP = [
  "(".repeat(30_000),
  `${"[".repeat(2_000)}a${"]".repeat(2_000)}=1`,
  `/${"(a|".repeat(10_000)}${")".repeat(10_000)}/`,
  "a=>".repeat(20_000),
];

for (const language of ["javascript", "typescript"] as const) {
  for (const code of DEEP) {
    test(`${language} that is nested too deeply is a problem, not a crash: ${code.slice(0, 10)}`, () =>
      assert.equal(checkCode(language, code).length, 1));
  }
}

test("a sum of 2,000 terms is no nesting", () => assert.deepEqual(checkCode("javascript", `return ${"1 + ".repeat(2_000)}1`), []));

test("TypeScript that would take the stripper years is refused", () => {
  const code = `x = ${"(a: T = ".repeat(40)}1${") => 1".repeat(40)}`;
  assert.match(checkCode("typescript", code)[0]?.message ?? "", /takes too long to read/);
});

test("the same nesting at a depth that people write is accepted", () => {
  assert.deepEqual(checkCode("typescript", `const x = ${"(a: any = ".repeat(4)}1${") => 1".repeat(4)}`), []);
});
