import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const GATE = new URL("../test.ts", import.meta.url).pathname;
const project = mkdtempSync(join(tmpdir(), "gate-"));
after(() => rmSync(project, { recursive: true, force: true }));

mkdirSync(join(project, "scripts"));
const TEST = 'import { test } from "node:test";\nimport assert from "node:assert/strict";\n';
writeFileSync(join(project, "scripts/good.test.ts"), `${TEST}test("holds", (t) => t.diagnostic("lost 0 of 5"));\nconsole.log("noise");\n`);
writeFileSync(join(project, "scripts/bad.test.ts"), `${TEST}test("breaks", () => assert.equal(1, 2));\n`);
writeFileSync(join(project, "scripts/crash.test.ts"), `throw new Error("at import");\n`);
writeFileSync(join(project, "scripts/leak.test.ts"), `${TEST}test("holds", () => {});\nsetInterval(() => {}, 1_000);\n`);

interface GateRun {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

function gate(pattern: string, settings: Record<string, string> = {}): GateRun {
  // Node's runner refuses to run inside itself; this one is a process of its own.
  const { NODE_TEST_CONTEXT: _inner, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [GATE, pattern], {
    cwd: project,
    env: { ...env, NO_COLOR: "1", FORCE_COLOR: "0", ...settings },
    encoding: "utf8",
  });
  return { status, lines: stdout.trimEnd().split("\n"), errors: stderr };
}

test("a green run exits 0 and prints figures and node's closing lines, but no noise", () => {
  const { status, lines } = gate("good");
  assert.equal(status, 0);
  assert.ok(lines.includes("ℹ lost 0 of 5"), lines.join("\n"));
  assert.deepEqual(lines.slice(-8, -1), ["ℹ tests 1", "ℹ suites 0", "ℹ pass 1", "ℹ fail 0", "ℹ cancelled 0", "ℹ skipped 0", "ℹ todo 0"]);
  assert.ok(!lines.some((line) => line.includes("noise")));
  assert.match(readFileSync(join(project, "reports/tests.txt"), "utf8"), /✔ holds/);
});

test("a red run exits 1 and shows the failure with its place", () => {
  const { status, lines } = gate("scripts/{good,bad}.test.ts");
  assert.equal(status, 1);
  assert.deepEqual(lines.slice(-8, -4), ["ℹ tests 2", "ℹ suites 0", "ℹ pass 1", "ℹ fail 1"]);
  assert.match(lines.join("\n"), /✖ breaks[\s\S]*bad\.test\.ts:3/);
});

test("a file that breaks before its first test shows its stack", () => {
  const { status, lines } = gate("crash");
  assert.equal(status, 1);
  assert.ok(lines.includes("Error: at import"), lines.join("\n"));
});

test("a file that leaves a timer open is interrupted and named, and the gate does not hang", () => {
  const { status, lines } = gate("leak", { TEST_SILENCE_MS: "1500" });
  assert.equal(status, 1);
  assert.match(lines.join("\n"), /Interrupted while running:[\s\S]*scripts\/leak\.test\.ts/);
});

test("a pattern without a file exits 1 and says so", () => {
  const { status, errors } = gate("no-such-file");
  assert.equal(status, 1);
  assert.match(errors, /no test file matches "no-such-file"/);
});
