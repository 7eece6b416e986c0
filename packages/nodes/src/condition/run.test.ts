import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { OPERATORS } from "@millrace/engine";
import fc from "fast-check";
import { executor } from "#condition/run";
import { spec } from "#condition/spec";

const CONTEXT = { runId: "r", path: "check", inputs: {}, startValues: {}, maxIterations: 1 };

const json: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(null, "", "0", "1e400", "true", [], {}, "[1]", { $file: "f", url: "https://example.com/a" }, "__proto__", -0),
);
const row = fc.record({ left: json, op: fc.constantFrom(...Object.keys(OPERATORS)), right: json }, { requiredKeys: ["left", "op"] });
const rows = fc.record({ match: fc.constantFrom("all", "any"), rows: fc.array(row, { maxLength: 4 }) }, { requiredKeys: ["rows"] });
const caseTest = fc.oneof(rows, fc.record({ when: json }));
const cases = fc
  .array(caseTest, { minLength: 1, maxLength: 4 })
  .map((tests) => tests.map((one, index) => ({ port: `case${index}`, ...one })));

test("whatever the values are, a condition takes one of its ports and never fails", () => {
  fc.assert(
    fc.property(cases, (given) => {
      const config = { cases: given } as never;
      const directive = executor.run(config, CONTEXT);
      assert.equal(directive.verb, "continue");
      assert.ok(directive.verb === "continue" && directive.port !== undefined && spec.ports(config).includes(directive.port));
      assert.deepEqual(directive.output, { case: directive.port });
    }),
    { numRuns: 3_000 },
  );
});

test("an operator and its negation never hold together, and never both fail", () => {
  const pairs = [
    ["eq", "neq"],
    ["contains", "not_contains"],
    ["in", "not_in"],
    ["is_empty", "is_not_empty"],
  ] as const;
  const holds = (op: string, left: Json, right: Json) => {
    const directive = executor.run({ cases: [{ port: "yes", rows: [{ left, op, right }] }] }, CONTEXT);
    return directive.verb === "continue" && directive.port === "yes";
  };
  fc.assert(
    fc.property(fc.constantFrom(...pairs), json, json, ([op, negated], left, right) => {
      assert.notEqual(holds(op, left, right), holds(negated, left, right));
    }),
  );
});
