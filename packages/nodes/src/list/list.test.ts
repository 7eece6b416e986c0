import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import fc from "fast-check";
import { MAX_LIST_ITEMS } from "#list/limits";
import { executor } from "#list/run";
import { sortItems } from "#list/sort-items";

const CONTEXT = { runId: "r", path: "n", inputs: {}, startValues: {}, maxIterations: 1 };
const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom("a", "b", "𝒜", null, true)), { maxLength: 30 });

function itemsOf(config: { readonly [member: string]: Json }): readonly Json[] {
  const directive = executor.run(config, CONTEXT);
  assert.ok(directive.verb === "continue");
  return directive.output["items"] as readonly Json[];
}

test("a list of as many items as there may be is taken, and one of more is not", () => {
  assert.equal(itemsOf({ items: Array.from({ length: MAX_LIST_ITEMS }, () => 0), limit: 3 }).length, 3);
  assert.throws(
    () => itemsOf({ items: Array.from({ length: MAX_LIST_ITEMS + 1 }, () => 0) }),
    (error) => error instanceof TerminalError && error.type === "limit_exceeded",
  );
});

test("sorted, a list has the same items; sorted again it does not change; equal items keep their order", () => {
  fc.assert(
    fc.property(values, fc.constantFrom("asc" as const, "desc" as const), (list, order) => {
      const rows = list.map((value, index): Json => ({ value, index }));
      const sorted = sortItems(rows, [{ field: "value", order }]);
      assert.deepEqual(new Set(sorted), new Set(rows));
      assert.deepEqual(sortItems(sorted, [{ field: "value", order }]), sorted);
      assert.deepEqual(sortItems(sorted, [{ field: "value", order }, { field: "index" }]), sorted);
    }),
  );
});

test("what where leaves and what its opposite leaves are together the list", () => {
  fc.assert(
    fc.property(values, (items) => {
      const left = (op: string) => itemsOf({ items, where: [{ op, value: 2 }] });
      assert.equal(left("eq").length + left("neq").length, items.length);
      assert.deepEqual(
        itemsOf({
          items,
          where: [
            { op: "eq", value: 2 },
            { op: "neq", value: 2 },
          ],
          match: "any",
        }),
        items,
      );
    }),
  );
});

test("the first and the last of a limit together are the list", () => {
  fc.assert(
    fc.property(values, fc.nat(35), (items, limit) => {
      const first = itemsOf({ items, limit });
      const last = itemsOf({ items, keep: "last", limit: Math.max(0, items.length - limit) });
      assert.deepEqual([...first, ...last], items);
    }),
  );
});
