import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareCode } from "#sandbox/program/prepare";
import { ProgramCache } from "#sandbox/program/program-cache";
import { LINES_BEFORE, wrap } from "#sandbox/program/wrap";

/** Source -> how it is entered. */
const FORMS: readonly [string, object][] = [
  ["return 1", { form: "body" }],
  ["const a = function main() {}", { form: "body" }],
  ["{ function main() {} }", { form: "body" }],
  ["function main() {}", { form: "main", name: "main" }],
  ["async function main() {}", { form: "main", name: "main" }],
  ["let x, main = () => 1", { form: "main", name: "main" }],
  ["var { a: [main = f] } = b", { form: "main", name: "main" }],
  ["const [...main] = b", { form: "main", name: "main" }],
  ["export function main() {}", { form: "main", name: "main" }],
  ["export const main = 1", { form: "main", name: "main" }],
  ["const f = 1; export { f as main }", { form: "main", name: "f" }],
  ["const f = 1; export { f as default }", { form: "main", name: "f" }],
  ["export default function start() {}", { form: "main", name: "start" }],
  ["export default () => 1", { form: "main", name: "$millraceDefault" }],
  ["module.exports = (x) => x", { form: "exports" }],
  ["module.exports.main = (x) => x", { form: "exports" }],
  ["exports.main = (x) => x", { form: "exports" }],
  ["module['exports'] = (x) => x", { form: "body" }],
  ["function main() {}\nreturn main()", { form: "body" }],
];

for (const [code, entry] of FORMS) test(JSON.stringify(code), () => assert.deepEqual(prepareCode("javascript", code).entry, entry));

test("every line of the source keeps its number, also where words of an export are removed", () => {
  const code = 'const a = 1;\nexport /* the\n entry */ default\n  (b) => b;\nexport const c = 2;\nexport {\n a,\n};\nthrow "line nine";';
  const lines = wrap(prepareCode("javascript", code), []).split("\n").slice(LINES_BEFORE);
  assert.deepEqual([lines[0], lines[3], lines[8]], ["const a = 1;", "  (b) => b;;", 'throw "line nine";']);
});

test("only await at the top makes a program asynchronous", () => {
  const isAsync = (code: string) => prepareCode("javascript", code).isAsync;
  assert.deepEqual(
    ["return await x", "for await (const a of b);", "return (async () => await x)()", "class A { b = async () => await c }"].map(isAsync),
    [true, true, false, false],
  );
});

test("inputs become variables where the body mentions them and the name can be one", () => {
  const cache = new ProgramCache();
  const inputs = { a: 1, "b-c": 2, class: 3, params: 4, unused: 5, élan: 6, $: 7, await: 8 };
  const { text } = cache.find("javascript", "return [a, params, élan, $, x['b-c'], x.class, x.await]", inputs);
  assert.match(text, /^\(function\(inputs\)\{var params=inputs,\{a,élan,\$\}=inputs;/);
});

test("equal code gives the same program, other names of inputs another one", () => {
  const cache = new ProgramCache();
  const first = cache.find("javascript", "return a", { a: 1 });
  assert.equal(cache.find("javascript", "return a", { a: 2, z: 3 }), first);
  assert.notEqual(cache.find("javascript", "return a", {}), first);
  const main = cache.find("javascript", "function main(a) { return a }", { a: 1 });
  assert.equal(cache.find("javascript", "function main(a) { return a }", {}), main);
});

test("the cache holds a bounded number of codes and drops the one that was not used for longest", () => {
  const cache = new ProgramCache();
  const find = (i: number) => cache.find("javascript", `return ${i}`, {});
  const [first, second] = [find(0), find(1)];
  for (let i = 2; i < 256; i++) find(i);
  assert.equal(find(0), first);
  find(256);
  assert.equal(find(0), first);
  assert.notEqual(find(1), second);
});
