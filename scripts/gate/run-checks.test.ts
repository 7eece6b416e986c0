import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CHECKS } from "./checks.ts";
import { runChecks } from "./run-checks.ts";

test("a line a check with its seconds; the output only of what failed; the names of the failed", async () => {
  const printed: string[] = [];
  const run = async (name: string) => ({ ok: name !== "lint", output: `${name} says\nmore`, seconds: 1.26 });
  const failed = await runChecks(["types", "lint", "lock"], run, (text) => printed.push(text));
  assert.deepEqual(failed, ["lint"]);
  assert.deepEqual(printed.toSorted(), [
    "     lint says\n     more",
    "FAIL lint           1.3 s",
    "ok   lock           1.3 s",
    "ok   types          1.3 s",
  ]);
});

test("two checks run at once and no more", async () => {
  let running = 0;
  let most = 0;
  const run = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return { ok: true, output: "", seconds: 0 };
  };
  await runChecks(["a", "b", "c", "d", "e"], run, () => {});
  assert.equal(most, 2);
});

test("a script that does not exist is a failed check", async () => {
  const printed: string[] = [];
  assert.deepEqual(await runChecks(["no-such-script"], undefined, (text) => printed.push(text)), ["no-such-script"]);
  assert.match(printed.join("\n"), /Missing script: "no-such-script"/);
});

test("every check of the gate is a script of package.json, so that it runs alone too", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const name of CHECKS) assert.ok(Object.hasOwn(scripts, name), name);
});
