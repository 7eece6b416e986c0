import { ANY, arrayOf, dynamic, INTEGER } from "@millrace/engine";
import Type from "typebox";
import { DEFAULT_CONCURRENCY, MAX_CONCURRENCY } from "#batch/concurrency";
import { anyValue, bodyGraph, orExpression } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    items: orExpression(
      Type.Union([Type.Array(Type.Unknown()), Type.Null()], { description: "One run of the body an item; null is none." }),
    ),
    concurrency: Type.Optional(
      dynamic(
        Type.Integer({
          minimum: 1,
          maximum: MAX_CONCURRENCY,
          default: DEFAULT_CONCURRENCY,
          description: "Items that run at the same time.",
        }),
      ),
    ),
    onItemError: Type.Optional(
      Type.Enum(["fail", "null", "drop"], {
        default: "fail",
        description: "A failed item fails the batch, becomes null in the result, or is left out of it.",
      }),
    ),
    collect: Type.Optional(anyValue("What `items` of the result gets of each item; read in the item's own scope.")),
    body: bodyGraph,
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "batch",
  config,
  members: { onItemError: "literal", collect: "body", body: "graph" },
  role: "container",
  result: () => ({ fields: { items: arrayOf(ANY), count: INTEGER }, open: false }),
  container: { mode: "parallel", variables: () => ({}) },
});
