import assert from "node:assert/strict";
import { test } from "node:test";
import { evidenceOf, NoEvidence } from "./evidence.ts";

const script = (text: string) => ["--input-type=module", "-e", text];

test("what a program prints is its evidence", async () => {
  assert.deepEqual(await evidenceOf(script("console.log(JSON.stringify({ found: 1 }))"), 60), { found: 1 });
});

test("a program that uses its time up, or waits for nobody, gives none; one that breaks says how", async () => {
  await assert.rejects(evidenceOf(script("for (;;);"), 1), NoEvidence);
  await assert.rejects(evidenceOf(script("await new Promise(() => {})")), NoEvidence);
  await assert.rejects(evidenceOf(script("throw new Error('no such file')")), (error: Error) => {
    return !(error instanceof NoEvidence) && /ended with 1 and printed nothing: [\s\S]*no such file/.test(error.message);
  });
});
