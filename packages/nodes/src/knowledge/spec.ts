import { arrayOf, STRING } from "@millrace/engine";
import Type from "typebox";
import { orExpression, templateText } from "#kit/schema";
import { defineSpec } from "#kit/spec";

export const DEFAULT_TOP_K = 10;

/** Passages of one search, and bases that it looks into. */
export const MAX_TOP_K = 100;
export const MAX_BASES = 20;

const config = Type.Object(
  {
    query: templateText("What to look for: a question or words. An empty one finds nothing."),
    collections: orExpression(
      Type.Array(Type.String(), { maxItems: MAX_BASES, description: "Names or ids of knowledge bases; none: nothing is found." }),
    ),
    topK: Type.Optional(
      orExpression(Type.Integer({ minimum: 1, maximum: MAX_TOP_K, default: DEFAULT_TOP_K, description: "Passages at most." })),
    ),
    minScore: Type.Optional(
      orExpression(Type.Number({ minimum: 0, maximum: 1, default: 0, description: "Passages with less are left out." })),
    ),
    filter: Type.Optional(
      orExpression(
        Type.Record(Type.String(), Type.Unknown(), {
          description: "By the documents' metadata: { lang: en, year: { gte: 2024 }, kind: { in: [a, b] }, draft: { exists: false } }.",
        }),
      ),
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "knowledge",
  // A model outside may make the vector of the query.
  effect: "outside",
  paid: true,
  config,
  result: () => ({ fields: { items: arrayOf({ kind: "object" }), text: STRING }, open: false }),
});
