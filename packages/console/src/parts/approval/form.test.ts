import assert from "node:assert/strict";
import { test } from "node:test";
import { filled, propertiesOf } from "#parts/approval/form.ts";

const form = {
  type: "object",
  properties: {
    amount: { type: "number", title: "Amount", default: 12 },
    reason: { type: "string", "x-multiline": true },
    way: { type: "string", enum: ["bank", "cash"] },
    tags: { type: "array", items: { type: "string", enum: ["a", "b"] } },
    sure: { type: "boolean" },
  },
  required: ["reason"],
};

test("a form is drawn from its schema", () => {
  const [amount, reason, way, tags, sure] = propertiesOf(form);
  assert.deepEqual([amount?.title, amount?.initial, reason?.multiline, reason?.required], ["Amount", "12", true, true]);
  assert.deepEqual([way?.choices, tags?.choices, tags?.initial, sure?.initial], [["bank", "cash"], ["a", "b"], [], false]);
  assert.deepEqual(propertiesOf(undefined), []);
});

test("what is sent are numbers where numbers are asked for, also of full-width digits, and nothing that is empty", () => {
  const properties = propertiesOf(form);
  assert.deepEqual(filled(properties, { amount: "１２．５", reason: "", way: "cash", tags: ["b"], sure: true }), {
    amount: 12.5,
    way: "cash",
    tags: ["b"],
    sure: true,
  });
  assert.deepEqual(filled(properties, { amount: "many" })["amount"], "many");
});
