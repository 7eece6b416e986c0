import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

// The real launcher in a small project of its own, with a stand-in for an older Node: it reports an older version and takes the same file.
const project = mkdtempSync(join(tmpdir(), "run-"));
after(() => rmSync(project, { recursive: true, force: true }));
const pinnedFolder = join(project, `node_modules/node-${process.platform}-${process.arch}/bin`);

mkdirSync(join(project, "scripts"));
copyFileSync("scripts/run.mjs", join(project, "scripts/run.mjs"));
writeFileSync(
  join(project, "scripts/show.ts"),
  "const [, script, ...rest]: string[] = process.argv;\nconsole.log(JSON.stringify({ script, rest, path: process.env['PATH'] }));\n",
);
writeFileSync(join(project, "scripts/fail.ts"), "process.exitCode = 3;\n");
writeFileSync(join(project, "old.mjs"), "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });\n");

function run(options: readonly string[], ...argv: readonly string[]) {
  return spawnSync(process.execPath, [...options, "scripts/run.mjs", ...argv], { cwd: project, encoding: "utf8" });
}

const OLD = ["--import", "./old.mjs"];

test("on the right Node the script runs at once, with its arguments, and finds this Node by name", () => {
  const shown = JSON.parse(run([], "show", "a", "--b=c").stdout);
  assert.deepEqual(shown.rest, ["a", "--b=c"]);
  assert.ok(shown.script.endsWith("scripts/show.ts"));
  assert.ok(shown.path.startsWith(dirname(process.execPath)));
  assert.equal(run([], "fail").status, 3);
});

test("an older Node without the pinned one says what to do", () => {
  const { status, stderr } = run(OLD, "show");
  assert.equal(status, 1);
  assert.match(stderr, /This is Node 20\.20\.2; the scripts need Node 24\. Run `npm ci`/);
});

test("an older Node hands over to the pinned one and passes on its exit code", () => {
  mkdirSync(pinnedFolder, { recursive: true });
  symlinkSync(process.execPath, join(pinnedFolder, "node"));
  assert.deepEqual(JSON.parse(run(OLD, "show", "a").stdout).rest, ["a"]);
  assert.equal(run(OLD, "fail").status, 3);
});
