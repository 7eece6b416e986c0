import assert from "node:assert/strict";
import { test } from "node:test";
import type { Price } from "@millrace/contract";
import { parseCredits } from "@millrace/engine";
import fc from "fast-check";
import { costOf } from "#credits/cost";

const none = { kind: "chat", inputTokens: 0, outputTokens: 0 } as const;

test("a request costs its tokens times their prices", () => {
  const price: Price = { input: "15", output: "60", cached: "7.5", reasoning: "90", inputAudio: "300", outputAudio: "1200" };
  const cases = [
    [{ ...none, inputTokens: 1_000_000 }, "15"],
    [{ ...none, inputTokens: 1_000, outputTokens: 500 }, "0.045"],
    [{ ...none, inputTokens: 1_000, cachedTokens: 400 }, "0.012"],
    [{ ...none, outputTokens: 1_000, reasoningTokens: 1_000 }, "0.09"],
    [{ ...none, kind: "asr", inputTokens: 100 }, "0.03"],
    [{ ...none, kind: "tts", outputTokens: 100 }, "0.12"],
    [none, "0"],
  ] as const;
  for (const [usage, cost] of cases) assert.equal(costOf(usage, price), cost, JSON.stringify(usage));
});

test("what a price does not say costs what it is part of", () => {
  const usage = { ...none, inputTokens: 10, cachedTokens: 10, outputTokens: 10, reasoningTokens: 10 };
  assert.equal(costOf(usage, { input: "1", output: "2" }), "0.00003");
});

test("half of the 12th place rounds up, less than half down", () => {
  assert.equal(costOf({ ...none, inputTokens: 1 }, { input: "0.0000005", output: "0" }), "0.000000000001");
  assert.equal(costOf({ ...none, inputTokens: 1 }, { input: "0.000000499999", output: "0" }), "0");
});

test("a provider that counts more in its cache than it read is not paid for it", () => {
  assert.equal(costOf({ ...none, inputTokens: 5, cachedTokens: 9 }, { input: "10", cached: "1", output: "0" }), "0.000005");
});

const amount = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.stringMatching(/^\d{0,12}$/))
  .map(([whole, places]) => (places === "" ? String(whole) : `${whole}.${places}`));
const tokens = fc.integer({ min: 0, max: 2 ** 40 });

test("it is the nearest 12th place to the rational number, the upper one where two are as near", () => {
  const usages = fc
    .tuple(tokens, tokens, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([inputTokens, outputTokens, cached, reasoning]) => ({
      kind: "chat" as const,
      inputTokens,
      outputTokens,
      cachedTokens: Math.floor(inputTokens * cached),
      reasoningTokens: Math.floor(outputTokens * reasoning),
    }));
  const prices = fc.record({ input: amount, output: amount, cached: amount, reasoning: amount });
  fc.assert(
    fc.property(usages, prices, (usage, price) => {
      // As a fraction over 10^18: every price times 10^12, and a million tokens.
      const times = (count: number, each: string) => BigInt(count) * scaled(each);
      const numerator =
        times(usage.inputTokens - usage.cachedTokens, price.input) +
        times(usage.cachedTokens, price.cached) +
        times(usage.outputTokens - usage.reasoningTokens, price.output) +
        times(usage.reasoningTokens, price.reasoning);
      const twiceError = 2n * (parseCredits(costOf(usage, price)) * 1_000_000n - numerator);
      assert.ok(twiceError > -1_000_000n && twiceError <= 1_000_000n, `${twiceError}`);
    }),
    { numRuns: 500 },
  );
});

function scaled(text: string): bigint {
  const [whole = "", places = ""] = text.split(".");
  return BigInt(whole + places.padEnd(12, "0"));
}
