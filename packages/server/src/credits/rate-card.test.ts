import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenRateCard } from "#credits/rate-card";

const price = (input: string) => ({ input, output: "0" });
const own = (models: string, input: string) => ({ models, price: price(input), updatedAt: 0 });

const SHIPPED = [
  { vendor: "vendor", models: ["big*"], price: price("10"), above: [{ inputTokens: 100, price: price("20") }] },
  { vendor: "vendor", models: ["big-cheap", "other"], price: price("5") },
];
const shipped = new Map([["vendor", SHIPPED]]);
const card = new OpenRateCard([own("*", "1"), own("work/*", "2"), own("work/gpt-4o", "3")], shipped);
const shippedOnly = (model: string, tokens?: number) =>
  new OpenRateCard([], shipped).find({ connection: "c", model, vendor: "vendor" }, tokens)?.input;

test("a price of one's own comes before what ships, and the one that says most of the name before the others", () => {
  const inputs = [
    ["work", "gpt-4o"],
    ["work", "gpt-4"],
    ["home", "big"],
  ].map(([connection = "", model = ""]) => card.find({ connection, model, vendor: "vendor" })?.input);
  assert.deepEqual(inputs, ["3", "2", "1"]);
});

test("of what ships the whole name comes first; of a vendor that ships nothing there is no price", () => {
  assert.deepEqual(
    ["big", "big-cheap", "other", "unknown"].map((model) => shippedOnly(model)),
    ["10", "5", "5", undefined],
  );
  assert.equal(new OpenRateCard([], new Map()).find({ connection: "c", model: "big", vendor: null }), null);
});

test("a tier holds beyond its tokens, not at them", () => {
  assert.deepEqual(
    [100, 101].map((tokens) => shippedOnly("big", tokens)),
    ["10", "20"],
  );
});
