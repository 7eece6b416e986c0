import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/millrace.js", import.meta.url));

/** Makes the process say that it is an older Node; the processes that it starts are told nothing. */
const OLDER = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.11.1" } });';

describe("bin/millrace.js", () => {
  const empty = mkdtempSync(join(tmpdir(), "millrace-bin-"));
  after(() => rmSync(empty, { recursive: true }));
  const env = { PATH: process.env["PATH"] ?? "", HOME: empty };
  const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: empty, env, encoding: "utf8" });

  test("runs the command, and hands its exit status on", () => {
    const version = run(BIN, "version");
    assert.deepEqual([version.status, version.stdout, version.stderr], [0, "millrace 0.1.0\n", ""]);
    assert.equal(run(BIN, "depoly").status, 2);
  });

  test("L7: an older Node runs the command with the Node that the project pins", () => {
    const { status, stdout } = run("--import", OLDER, BIN, "version", "-o", "json");
    assert.equal(status, 0);
    assert.equal((JSON.parse(stdout) as { node: string }).node, process.versions.node);
    assert.equal(run("--import", OLDER, BIN, "depoly").status, 2);
  });

  test("L7: without one it ends with 6 and says what was found, what is needed and where to get it", () => {
    copyFileSync(BIN, join(empty, "millrace.js"));
    writeFileSync(join(empty, "package.json"), '{"type":"module"}');
    const { status, stdout, stderr } = run("--import", OLDER, join(empty, "millrace.js"), "version");
    assert.deepEqual([status, stdout], [6, ""]);
    assert.match(stderr, /this is Node 20\.11\.1; Millrace needs Node 24/);
    assert.match(stderr, /nodejs\.org/);
  });
});
