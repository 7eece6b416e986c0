import assert from "node:assert/strict";
import { test } from "node:test";
import type { PaidRequest } from "@millrace/contract";
import { formulaOf } from "#pages/run/formula.ts";

const paid: PaidRequest = { attempt: 1, kind: "chat", model: "openai/gpt", inputTokens: 610, outputTokens: 202, credits: "0.0213" };

test("each kind of token is counted once, at its own price", () => {
  const price = { input: "15", output: "60", cached: "7.5" };
  assert.deepEqual(formulaOf({ ...paid, cachedTokens: 100, reasoningTokens: 2, price }), [
    { tokens: 510, price: "15" },
    { tokens: 100, price: "7.5" },
    { tokens: 200, price: "60" },
    { tokens: 2, price: "60" },
  ]);
});

test("speech has prices of its own; without a price there is no formula", () => {
  assert.deepEqual(formulaOf({ ...paid, kind: "asr", outputTokens: 0, price: { input: "15", inputAudio: "300", output: "60" } }), [
    { tokens: 610, price: "300" },
  ]);
  assert.deepEqual(formulaOf(paid), []);
});
