import type { Json } from "@millrace/contract";
import { dynamic } from "@millrace/engine";
import Type from "typebox";
import { MAX_PORT_CHARACTERS, PORT_PATTERN } from "#kit/port";
import { anyValue } from "#kit/schema";

const row = Type.Object(
  {
    left: anyValue("What is looked at: usually an expression."),
    op: Type.String({ description: "How the two are compared: eq, neq, gt, gte, lt, lte, contains, is_empty, …" }),
    right: Type.Optional(anyValue("What it is compared with; absent: null.")),
  },
  { additionalProperties: false },
);

const conditionCase = Type.Object(
  {
    port: Type.String({
      pattern: PORT_PATTERN,
      maxLength: MAX_PORT_CHARACTERS,
      description: "The port that is taken when this case holds.",
    }),
    when: Type.Optional(dynamic(Type.Boolean({ description: "Holds when the value is truthy." }))),
    match: Type.Optional(Type.Enum(["all", "any"], { default: "all", description: "Must all rows hold, or is one enough?" })),
    rows: Type.Optional(Type.Array(row, { description: "Comparisons. Without a row the case never holds." })),
  },
  { additionalProperties: false },
);

export const configSchema = Type.Object(
  {
    cases: Type.Array(conditionCase, { minItems: 1, description: "Tried in order; the first that holds is taken, else the port `else`." }),
  },
  { additionalProperties: false },
);

export interface Row {
  readonly left: Json;
  readonly op: string;
  readonly right?: Json;
}

/** Either `when` or `rows`: the spec's check sees to it. */
export interface Case {
  readonly port: string;
  readonly when?: Json;
  readonly match?: "all" | "any";
  readonly rows?: readonly Row[];
}

export interface Config {
  readonly cases: readonly Case[];
}

/** The port of no case: taken when none holds. */
export const ELSE = "else";
