import type { Json, JsonObject } from "@millrace/contract";
import Type from "typebox";
import { DEFAULT_MAX_ROWS, MAX_ROWS, MAX_SQL_CHARACTERS, MAX_VALUES } from "#database/limits";
import { CONNECTION_NAME } from "#kit/connection";
import { anyValue, IDENTIFIER_PATTERN, orExpression } from "#kit/schema";

const value = anyValue("A value or an expression. A list stands for its elements, between commas.");

export const configSchema = Type.Object(
  {
    connection: Type.Optional(
      Type.String({
        pattern: CONNECTION_NAME,
        maxLength: 100,
        description: "Name of a connection to a database: sqlite, postgres or mysql.",
      }),
    ),
    sql: Type.Union([
      Type.String({
        minLength: 1,
        maxLength: MAX_SQL_CHARACTERS,
        description: "One statement. `:name` stands for a value of params; expressions have no place in it.",
      }),
      Type.Array(Type.String({ maxLength: MAX_SQL_CHARACTERS }), {
        minItems: 1,
        maxItems: MAX_VALUES + 1,
        description: "One statement as the texts between its values, which are a list then.",
      }),
    ]),
    params: Type.Optional(
      Type.Union([
        Type.Record(Type.String({ pattern: IDENTIFIER_PATTERN }), value, { description: "What is bound in the statement, by name." }),
        Type.Array(value, { maxItems: MAX_VALUES, description: "What is bound between the texts, in order." }),
      ]),
    ),
    write: Type.Optional(
      Type.Boolean({
        description: "true: the connection has to allow changes; false: nothing is changed, whatever it allows; absent: as it says.",
      }),
    ),
    maxRows: Type.Optional(
      orExpression(
        Type.Integer({
          minimum: 1,
          maximum: MAX_ROWS,
          default: DEFAULT_MAX_ROWS,
          description: "Rows at most; truncated says that there were more.",
        }),
      ),
    ),
  },
  { additionalProperties: false },
);

export interface Config {
  readonly connection?: string;
  readonly sql: string | readonly string[];
  readonly params?: JsonObject | readonly Json[];
  readonly write?: boolean;
  readonly maxRows?: Json;
}
