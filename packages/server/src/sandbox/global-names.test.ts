import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { createSandbox } from "#sandbox/create-sandbox";
import { runCode } from "#sandbox/testing/run-code";

/** Every global, with the keys of its value and of its prototype. */
const CODE = `
const keys = (value) => Reflect.ownKeys(value).map(String).sort();
const isHolder = (value) => value !== null && (typeof value === "object" || typeof value === "function");
const result = {};
for (const name of keys(globalThis)) {
  const value = globalThis[name];
  result[name] = value === globalThis || !isHolder(value) ? [] : keys(value);
  if (isHolder(value) && isHolder(value.prototype)) result[name + ".prototype"] = keys(value.prototype);
}
return result;
`;

// A change of this file is a change of what untrusted code can reach: look at each new name before you write it down here.
const COMMITTED = JSON.parse(readFileSync(new URL("./testing/global-names.json", import.meta.url), "utf8"));

test("the names that code can reach are the committed ones", async () => {
  const sandbox = createSandbox({ poolSize: 1 });
  after(() => sandbox.close());
  assert.deepEqual((await runCode(sandbox, CODE)).value, COMMITTED);
});

test("none of them is a way out", () => {
  const names = Object.keys(COMMITTED);
  for (const name of [
    "process",
    "require",
    "fetch",
    "WebAssembly",
    "SharedArrayBuffer",
    "Atomics",
    "setTimeout",
    "Worker",
    "std",
    "os",
    "print",
  ]) {
    assert.ok(!names.includes(name), name);
  }
});
