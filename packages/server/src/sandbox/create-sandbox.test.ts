import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createSandbox } from "#sandbox/create-sandbox";
import { SandboxError } from "#sandbox/sandbox-error";
import { failureOf, runCode } from "#sandbox/testing/run-code";

const sandbox = createSandbox({ poolSize: 1 });
after(() => sandbox.close());

describe("the calling convention", () => {
  /** Source -> its value for the inputs {a: 41, list: [1, 2]}. */
  const CASES: readonly [string, unknown][] = [
    ["return a + 1", 42],
    ["return inputs === params && inputs.a === a", true],
    ["const a = 3; return a", 3],
    ["return typeof missing", "undefined"],
    ['"use strict"; return this === undefined', true],
    ["const x = await Promise.resolve(2); return x + a", 43],
    ["return new Promise((resolve) => resolve(a))", 41],
    ["function main(inputs) { return { r: inputs.a } }", { r: 41 }],
    ["async function main({ a }) { await 1; return a }", 41],
    ["const main = ({ list }) => list.map((x) => x * 2)", [2, 4]],
    ["let main; main = async (p) => p.a", 41],
    ["const x = await Promise.resolve(2);\nfunction main(p) { return p.a + x }", 43],
    ["export default ({ a }) => a + 1", 42],
    ["export default async function ({ a }) { return a }\n(1)", 41],
    ["export default function start({ a }) { return helper(a) }\nexport const helper = (x) => x", 41],
    ["const f = (p) => p.a; export { f as main }", 41],
    ["module.exports = (p) => p.a", 41],
    ["module.exports = { main: (p) => p.a }", 41],
    ["exports.main = (p) => p.a", 41],
    ["function main(p) { return p.a }\nreturn main(params) + 1", 42],
    ["function main() { return typeof enter + typeof inputs + typeof module }", "undefinedundefinedundefined"],
    ["return undefined", null],
    ["", null],
    ["return null", null],
    ["return 'text'", "text"],
    ["return -0", 0],
    ["return { d: new Date(0), u: undefined, n: [undefined] }", { d: "1970-01-01T00:00:00.000Z", n: [null] }],
    ["return { toJSON() { return { a } } }", { a: 41 }],
    ["return JSON.parse('{\"__proto__\": 1}')", JSON.parse('{"__proto__": 1}')],
  ];

  for (const [code, expected] of CASES) {
    test(JSON.stringify(code), async () => {
      const { value } = await runCode(sandbox, code, { a: 41, list: [1, 2] });
      assert.deepEqual(value, expected);
    });
  }

  test("any JSON goes in and comes out as it is", async () => {
    const inputs = { text: 'é\u0000\u2028"\\ud83d', deep: [[[{ a: [null, true, -1.5e300] }]]], "": {}, constructor: 1 };
    assert.deepEqual((await runCode(sandbox, "return inputs", inputs)).value, inputs);
    assert.equal((await runCode(sandbox, "return inputs.big.length", { big: "x".repeat(1_000_000) })).value, 1_000_000);
  });

  test("top-level code runs anew for every call", async () => {
    const code = "let calls = 0; const at = Math.random();\nfunction main() { return [++calls, at] }";
    const [first, second] = [(await runCode(sandbox, code)).value, (await runCode(sandbox, code)).value];
    assert.ok(Array.isArray(first) && Array.isArray(second));
    assert.deepEqual([first[0], second[0]], [1, 1]);
    assert.notEqual(first[1], second[1]);
  });

  test("TypeScript runs without its types and keeps its lines", async () => {
    const code =
      "enum Kind { A = 3 }\ninterface In { a: number }\nfunction main(p: In): { r: number } {\n  return { r: p.a + Kind.A as number };\n}";
    assert.deepEqual((await runCode(sandbox, code, { a: 1 }, { language: "typescript" })).value, { r: 4 });
    const failure = await failureOf(
      runCode(sandbox, "type A = string;\nconst a: A = 'x';\n(null as any).b;", {}, { language: "typescript" }),
    );
    assert.match(failure.message, /^TypeError: .* \(line 3\)$/);
  });
});

describe("errors", () => {
  /** Source -> type and message. */
  const CASES: readonly [string, string, RegExp][] = [
    ["const a = 1;\n\nnull.b", "code_error", /^TypeError: cannot read property 'b' of null \(line 3\)$/],
    ["function f() {\n  throw new RangeError('no')\n}\nf()", "code_error", /^RangeError: no \(line 2\)$/],
    ["class E extends Error { name = 'Mine' }\nthrow new E('bad')", "code_error", /^Mine: bad \(line 1\)$/],
    ["await 1;\nthrow new Error('later')", "code_error", /^Error: later \(line 2\)$/],
    ["throw 'text'", "code_error", /^thrown: text$/],
    ["throw undefined", "code_error", /^thrown: undefined$/],
    ["throw { code: 5 }", "code_error", /^thrown: \{"code":5\}$/],
    ["throw Symbol('s')", "code_error", /^thrown: Symbol\(s\)$/],
    ["return 1;\nreturn {;", "code_error", /^SyntaxError: Unexpected token \(line 2, column 9\)$/],
    ["import a from 'b'", "code_error", /cannot import/],
    ["const main = 5", "code_error", /main is not a function/],
    ["return NaN", "code_error", /must be JSON, but it is NaN/],
    ["return { a: { b: [Infinity] } }", "code_error", /its member "0" is Infinity/],
    ["return { f() {} }", "code_error", /its member "f" is a function/],
    ["return Symbol('x')", "code_error", /it is a symbol/],
    ["return { n: 1n }", "code_error", /its member "n" is a BigInt/],
    ["return { toJSON() {} }", "code_error", /it is undefined/],
    ["const a = {}; a.a = a; return a", "code_error", /circular/],
    ["await new Promise(() => {})", "code_timeout", /nothing can settle/],
    ["const f = () => f(); f()", "code_error", /^stack overflow: .* 512 KiB/],
  ];

  for (const [code, type, message] of CASES) {
    test(JSON.stringify(code), async () => {
      const failure = await failureOf(runCode(sandbox, code));
      assert.equal(failure.type, type);
      assert.match(failure.message, message);
    });
  }

  test("a failure carries the console lines before it and the frames of the author's source", async () => {
    const failure = await failureOf(
      runCode(sandbox, "console.log('one');\nfunction inner() { throw new Error('x') }\nfunction outer() {\n inner() }\nouter()"),
    );
    assert.ok(failure instanceof SandboxError);
    assert.deepEqual(failure.logs, ["log one"]);
    assert.deepEqual(
      failure.frames.map((frame) => frame.replace(/:\d+\)/, ")")),
      ["at inner (2)", "at outer (4)", "at <anonymous> (5)"],
    );
  });

  test("so does a program that ran out of time", async () => {
    const failure = await failureOf(runCode(sandbox, "console.warn('before');\nfor (;;);", {}, { timeoutMs: 200 }));
    assert.ok(failure instanceof SandboxError);
    assert.deepEqual(
      [failure.type, failure.message, failure.logs],
      ["code_timeout", "the code ran longer than its limit of 200 ms", ["warn before"]],
    );
  });
});

describe("console", () => {
  test("every level and kind of value is one line of text", async () => {
    const code = `console.log("a", 1, null, undefined, true, { b: [1] }, [2], 3n, Symbol("s"), () => 1, new TypeError("t"));
      console.info("i"); console.warn("w"); console.error("e"); console.debug("d"); console.trace("t"); console.log();
      const loop = {}; loop.loop = loop; console.log(loop);`;
    assert.deepEqual((await runCode(sandbox, code)).logs, [
      'log a 1 null undefined true {"b":[1]} [2] 3n Symbol(s) [function] TypeError: t',
      ...["info i", "warn w", "error e", "debug d", "debug t", "log", "log [object]"],
    ]);
  });

  test("a program cannot forge or lose lines by changing what it can reach", async () => {
    const code = `JSON.stringify = () => "forged"; Array.prototype.push = () => {}; String.prototype.slice = () => "forged";
      Object.defineProperty(Array.prototype, "0", { set() {} }); Object.prototype.toJSON = () => "forged";
      console.log("kept"); return "real";`;
    assert.deepEqual(await runCode(sandbox, code), { value: "real", logs: ["log kept"] });
  });
});

describe("chance and time", () => {
  test("every call sees other random numbers, between 0 and 1", async () => {
    const seen = new Set<unknown>();
    for (let i = 0; i < 50; i++) {
      const { value } = await runCode(sandbox, "return [Math.random(), Math.random(), Math.random()]");
      assert.ok(Array.isArray(value));
      for (const each of value) assert.ok(typeof each === "number" && each >= 0 && each < 1);
      for (const each of value) seen.add(each);
    }
    assert.equal(seen.size, 150);
  });

  test("random numbers are spread evenly", async () => {
    const { value } = await runCode(
      sandbox,
      "const n = Array(10).fill(0); for (let i = 0; i < 20000; i++) n[Math.floor(Math.random() * 10)]++; return n",
    );
    assert.ok(Array.isArray(value) && value.every((count) => typeof count === "number" && Math.abs(count - 2_000) < 300), String(value));
  });

  test("the clock is the machine's, in UTC", async () => {
    const { value } = await runCode(
      sandbox,
      "return [Date.now(), new Date(2026, 0, 1).getTimezoneOffset(), new Date(2026, 6, 1).getTimezoneOffset()]",
    );
    assert.ok(Array.isArray(value) && Math.abs(Number(value[0]) - Date.now()) < 60_000);
    assert.deepEqual(value.slice(1), [0, 0]);
  });
});

describe("what is there besides the language", () => {
  const CASES: readonly [string, unknown][] = [
    ["return [btoa('a'), btoa('ab'), btoa('abc'), btoa(''), atob('YWI='), atob(' Y W I ')]", ["YQ==", "YWI=", "YWJj", "", "ab", "ab"]],
    ["try { btoa('é€') } catch (e) { return e.name }", "RangeError"],
    [
      "return ['*', 'A', '====', 'YWI=='].map((x) => { try { return atob(x) } catch (e) { return e.name } })",
      ["RangeError", "RangeError", "RangeError", "RangeError"],
    ],
    ["return [...new TextEncoder().encode('aé€😀\\ud800')]", [...Buffer.from("aé€😀\ud800")]],
    ["return new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80]))", "aé😀"],
    ["return new TextDecoder().decode(new Uint8Array([1, 0x61, 2]).subarray(1, 2))", "a"],
    ["try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])) } catch (e) { return e.name }", "TypeError"],
    ["try { new TextDecoder('latin1') } catch (e) { return e.name }", "RangeError"],
    [
      "const m = new Map([[1, { s: new Set([1]), d: new Date(5) }]]); const c = structuredClone(m); return [c.get(1).d.getTime(), c.get(1).s.has(1), c === m]",
      [5, true, false],
    ],
    ["const a = { x: [1] }; a.self = a; const c = structuredClone(a); return [c.self === c, c.x !== a.x, c.x]", [true, true, [1]]],
    ["const b = new Uint8Array([1, 2]); const c = structuredClone(b); b[0] = 9; return [...c]", [1, 2]],
    ["try { structuredClone({ f() {} }) } catch (e) { return e.message }", "structuredClone: a function cannot be cloned"],
    ["return structuredClone(new RangeError('x')) instanceof RangeError", true],
  ];

  for (const [code, expected] of CASES)
    test(JSON.stringify(code), async () => assert.deepEqual((await runCode(sandbox, code)).value, expected));

  test("bytes are decoded as Node decodes them, also where they are no text", async () => {
    const samples = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 1 + (i % 7) }, (_, j) => (i * 131 + j * j * 89 + (i % 5) * 97) % 256),
    );
    const { value } = await runCode(sandbox, "return inputs.samples.map((bytes) => new TextDecoder().decode(new Uint8Array(bytes)))", {
      samples,
    });
    assert.deepEqual(
      value,
      samples.map((bytes) => new TextDecoder().decode(Uint8Array.from(bytes))),
    );
  });
});

test("the pool's size is checked", () => {
  for (const poolSize of [0, -1, 1.5, 65, Number.NaN])
    assert.throws(() => createSandbox({ poolSize }), /poolSize must be a whole number from 1 to 64/);
});
