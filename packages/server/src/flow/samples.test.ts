import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { importFlow } from "#flow/import";
import { rebuild } from "#flow/testing/rebuild";

const SAMPLES = new URL("./testing/samples/", import.meta.url);
const GOLDEN = new URL("./testing/golden/", import.meta.url);
const names = readdirSync(SAMPLES).filter((name) => name.endsWith(".flow"));

/** UPDATE_GOLDEN=1 writes the files anew; they are then read by eye. */
function golden(name: string, actual: string): string {
  const file = new URL(name, GOLDEN);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, actual);
  assert.ok(existsSync(file), `${name} is missing: run once with UPDATE_GOLDEN=1, and read what it wrote`);
  return readFileSync(file, "utf8");
}

test("there are five samples", () => assert.equal(names.length, 5));

for (const name of names) {
  const bytes = readFileSync(new URL(name, SAMPLES));

  test(`${name} imports without fault, as the golden document`, () => {
    const { document, faults, warnings } = importFlow(bytes);
    assert.deepEqual(faults, []);
    const actual = `${JSON.stringify({ warnings, document }, null, 2)}\n`;
    assert.equal(actual, golden(name.replace(".flow", ".golden.json"), actual));
  });

  test(`${name} loses nothing but its time`, () => {
    const { document } = importFlow(bytes);
    assert.ok(document);
    const { exportTime: _time, ...file } = JSON.parse(bytes.toString());
    assert.deepEqual(rebuild(document), file);
  });
}
