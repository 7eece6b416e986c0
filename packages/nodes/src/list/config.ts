import type { Json } from "@millrace/contract";
import { dynamic } from "@millrace/engine";
import Type from "typebox";
import { anyValue } from "#kit/schema";
import { MAX_ROWS, MAX_SORT_KEYS } from "#list/limits";

const field = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

const row = Type.Object(
  {
    field: field("Where in the item: `price`, `customer.name`, `tags.0`. Absent: the item itself."),
    op: Type.String({ description: "How the two are compared: eq, neq, gt, gte, lt, lte, contains, is_empty, …" }),
    value: Type.Optional(anyValue("What it is compared with; absent: null.")),
  },
  { additionalProperties: false },
);

const sortKey = Type.Object(
  {
    field: field("Where in the item. Absent: the item itself."),
    order: Type.Optional(Type.Enum(["asc", "desc"], { default: "asc", description: "Smallest or largest first." })),
  },
  { additionalProperties: false },
);

export const configSchema = Type.Object(
  {
    items: dynamic(Type.Union([Type.Array(Type.Unknown()), Type.Null()], { description: "The list; null is an empty one." })),
    where: Type.Optional(Type.Array(row, { maxItems: MAX_ROWS, description: "Comparisons; an item that does not pass is left out." })),
    match: Type.Optional(Type.Enum(["all", "any"], { default: "all", description: "Must all comparisons hold, or is one enough?" })),
    sort: Type.Optional(
      Type.Array(sortKey, {
        minItems: 1,
        maxItems: MAX_SORT_KEYS,
        description: "What to sort by; where it is the same, the next one decides.",
      }),
    ),
    keep: Type.Optional(Type.Enum(["first", "last"], { default: "first", description: "The end of the list that `limit` keeps." })),
    limit: Type.Optional(dynamic(Type.Integer({ minimum: 0, description: "Items at most; absent: all." }))),
  },
  { additionalProperties: false },
);

export interface Row {
  readonly field?: string;
  readonly op: string;
  readonly value?: Json;
}

export interface SortKey {
  readonly field?: string;
  readonly order?: "asc" | "desc";
}

export interface Config {
  readonly items: readonly Json[] | null;
  readonly where?: readonly Row[];
  readonly match?: "all" | "any";
  readonly sort?: readonly SortKey[];
  readonly keep?: "first" | "last";
  readonly limit?: number;
}
