import assert from "node:assert/strict";
import { test } from "node:test";
import type { Purity } from "./report.ts";
import { scan } from "./scan.ts";

function found(text: string, purity: Purity = "pure"): string[] {
  return scan("sample.ts", text, purity).map(({ what }) => what);
}

/** Code -> what is found in a pure room; in the host's rooms nothing of it is a finding. */
const PURE_ONLY: readonly (readonly [string, readonly string[]])[] = [
  ["Date.now();", ["Date.now"]],
  ["new Date();", ["new Date()"]],
  ["new Date(...parts);", ["new Date(...parts)"]],
  ["Date();", ["Date()"]],
  ["const { now } = Date;", ["{ now } = Date"]],
  ["class Day extends Date {}", ["Date"]],
  ["Math.random();", ["Math.random"]],
  ['Math["random"]();', ['Math["random"]']],
  ["const { random } = Math;", ["{ random } = Math"]],
  ["performance.now();", ["performance"]],
  ["crypto.randomUUID();", ["crypto"]],
  ["setTimeout(run, 1);", ["setTimeout"]],
  ["setInterval(run, 1); setImmediate(run);", ["setInterval", "setImmediate"]],
  ["queueMicrotask(run);", ["queueMicrotask"]],
  ["AbortSignal.timeout(5);", ["AbortSignal.timeout"]],
  ["process.env;", ["process"]],
  ["const host = { process, fetch };", ["process", "fetch"]],
  ["globalThis.process;", ["process"]],
  ['globalThis["process"];', ["globalThis"]],
  ["declare const fetch: () => void;", ["fetch"]],
  ["const text = `${Date.now()}`;", ["Date.now"]],
  ['import { readFile } from "node:fs/promises";', ['import "node:fs/promises"']],
  ['import http from "http";', ['import "http"']],
  ['import "undici";', ['import "undici"']],
  ['export * from "net";', ['import "net"']],
  ['await import("node:dns");', ['import "node:dns"']],
  ["await import(name);", ["import of a computed name"]],
  ["const intrinsics = [Object, Function];", ["Function"]],
];

/** Code -> what is found in every package. */
const EVERYWHERE: readonly (readonly [string, readonly string[]])[] = [
  ['eval("1");', ["eval"]],
  ['(0, eval)("1");', ["eval"]],
  ['globalThis.eval("1");', ["eval"]],
  ['new Function("return 1");', ["Function"]],
  ["const Make = Function;", ["Function"]],
  ['run.constructor("return 1");', ["a call of .constructor"]],
  ['run["constructor"]("return 1");', ["a call of .constructor"]],
  ["const AsyncFunction = (async () => {}).constructor;", ["the constructor of a function"]],
  ["const Generator = Object.getPrototypeOf(run).constructor;", ["the constructor of a function"]],
  ['import vm from "node:vm";', ['import "node:vm"']],
  ['import { VM } from "vm2";', ['import "vm2"']],
  ['export { Script } from "vm";', ['import "vm"']],
  ['await import("data:text/javascript,run()");', ['import "data:…"']],
];

/** Host code that evaluates a string by a name which the pure rooms lack altogether. */
const HOST_ONLY: readonly (readonly [string, readonly string[]])[] = [
  ['setTimeout("run()", 1);', ["setTimeout with a string"]],
  ["globalThis.setInterval(`run(${name})`, 1);", ["setInterval with a string"]],
  ['new Worker("run()", { eval: true });', ["Worker with eval"]],
  ['process.getBuiltinModule("vm");', ['import "vm"']],
  ['require("vm");', ['import "vm"']],
];

const CLEAN: readonly string[] = [
  "new Date(now); Date.parse(text); Date.UTC(2026, 1); value instanceof Date;",
  "Math.max(1, 2); Math.floor(3.5);",
  "const call = { fetch: 1, process: 2 }; call.fetch; call.process;",
  "function run(process: number, { fetch }: Host) { return process + fetch(); }",
  "const performance = clock(); performance.now();",
  "import { process } from '#pipeline'; process.step();",
  "import type { Server } from 'node:http';",
  "for (const self of items) self.run();",
  "try { run(); } catch (window) { throw window; }",
  "class Plan { setTimeout() {} static process = 1; }",
  "interface Host { fetch(): void; process: string } type Now = typeof Date.now;",
  "// Date.now() and eval()\nconst text = 'Math.random() ' + `process`;",
  "value instanceof Function; Function.prototype.toString; new this.constructor();",
];

for (const [code, expected] of PURE_ONLY) {
  test(`only the host may: ${code}`, () => {
    assert.deepEqual(found(code), expected);
    assert.deepEqual(found(code, "host"), []);
  });
}

for (const [code, expected] of EVERYWHERE) {
  test(`nobody may: ${code}`, () => {
    assert.deepEqual(found(code), expected);
    assert.deepEqual(found(code, "host"), expected);
  });
}

for (const [code, expected] of HOST_ONLY) {
  test(`not even the host may: ${code}`, () => assert.deepEqual(found(code, "host"), expected));
}

for (const code of CLEAN) {
  test(`everyone may: ${code}`, () => assert.deepEqual(found(code), []));
}

test("a name that is bound in one function is a global in the next", () => {
  assert.deepEqual(found("function a(fetch: Call) { fetch(); }\nfunction b() { fetch(); }"), ["fetch"]);
  assert.deepEqual(found("const a = function process() { process(); };\nprocess();"), ["process"]);
});

test("a finding names its line and the reason", () => {
  assert.deepEqual(scan("sample.ts", "const a = 1;\n\nconst b = Date.now();\n", "pure"), [
    { line: 3, what: "Date.now", why: "reads a clock; take the time as an argument" },
  ]);
});
