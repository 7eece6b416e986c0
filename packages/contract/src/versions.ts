import Type, { type Static } from "typebox";
import { WorkflowDiff } from "#diff/diff-types";
import { closed } from "#schema-parts";

const Reference = (fallback: string, description: string) =>
  Type.Optional(Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$", default: fallback, description }));

export const DiffQuery = Type.Object(
  { from: Reference("live", "A version, `live` or `draft`."), to: Reference("draft", "A version, `live` or `draft`.") },
  closed,
);
export type DiffQuery = Static<typeof DiffQuery>;

export const DiffAnswer = Type.Object(
  {
    from: Type.Optional(Type.String({ description: "The version, or `draft`; absent: nothing was published." })),
    to: Type.Optional(Type.String({ description: "The version, or `draft`; absent: nothing was published." })),
    summary: Type.String({ description: "In a few words; what a version is noted as when nobody says anything." }),
    ...WorkflowDiff.properties,
  },
  closed,
);
export type DiffAnswer = Static<typeof DiffAnswer>;
