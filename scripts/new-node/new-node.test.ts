import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { nameProblem } from "./files.ts";

const NEW_NODE = new URL("../new-node.ts", import.meta.url).pathname;

// A copy of the nodes package, so that a node can be made and tried without touching the real one.
const project = mkdtempSync(join(tmpdir(), "new-node-"));
after(() => rmSync(project, { recursive: true, force: true }));
cpSync("packages/nodes", join(project, "packages/nodes"), { recursive: true });
symlinkSync(join(process.cwd(), "node_modules"), join(project, "node_modules"));

/** NODE_TEST_CONTEXT would make node's runner skip what looks like a run inside itself. */
const { NODE_TEST_CONTEXT: _inner, ...env } = process.env;

function run(...argv: readonly string[]) {
  return spawnSync(process.execPath, argv, { cwd: project, env, encoding: "utf8" });
}

test("names are small words joined by hyphens, and not the kit's", () => {
  for (const name of ["echo", "file-parse", "mp3-to-text"]) assert.equal(nameProblem(name), undefined, name);
  for (const name of ["", "Echo", "a_b", "-a", "a-", "a--b", "1a", "../a", "a/b", "kit", "testing"])
    assert.equal(typeof nameProblem(name), "string", name);
});

test("a new node passes the test that walks the node folders", () => {
  const made = run(NEW_NODE, "echo-text");
  assert.equal(made.status, 0, made.stderr);
  const walk = run("--test", "--test-reporter=tap", "--test-name-pattern=echo-text", "packages/nodes/src/node-folders.test.ts");
  assert.equal(walk.status, 0, walk.stdout);
  assert.match(walk.stdout, /^# pass 6$/m);
});

test("the registries know the new node", () => {
  for (const registry of ["specs.gen.ts", "executors.gen.ts"]) {
    assert.match(readFileSync(join(project, "packages/nodes/src", registry), "utf8"), /from "#echo-text\//);
  }
});

test("a folder that is there already is left alone, and so is a bad name", () => {
  const before = readFileSync(join(project, "packages/nodes/src/template/spec.ts"), "utf8");
  const again = run(NEW_NODE, "template");
  assert.equal(again.status, 1);
  assert.match(again.stderr, /packages\/nodes\/src\/template is there already/);
  assert.equal(readFileSync(join(project, "packages/nodes/src/template/spec.ts"), "utf8"), before);
  assert.match(run(NEW_NODE, "../oops").stderr, /"\.\.\/oops" is no name of a node type/);
  assert.match(run(NEW_NODE).stderr, /usage: npm run new-node NAME/);
});
