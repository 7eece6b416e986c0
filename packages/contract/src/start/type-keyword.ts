import { shownValue, typeWord, wording } from "#fault";
import type { Json, JsonObject } from "#json";
import { say } from "#say";
import type { SchemaScope, SchemaSink } from "#start/schema-types";
import { expectedWord } from "#start/type-word";

const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

/** Reports a wrong type; false: the other keywords have nothing to say about the value. */
export type TypeCheck = (value: Json, sink: SchemaSink) => boolean;

/** An integer is checked for its range too: beyond ±(2^53 − 1) doubles skip whole numbers, so the value may not be the one that was written. */
export function compileType(operand: Json, schema: JsonObject, scope: SchemaScope): TypeCheck | null {
  const names: readonly Json[] = Array.isArray(operand) ? operand : [operand];
  const checks = names.map((name) => (typeof name === "string" && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined));
  if (checks.length === 0 || checks.includes(undefined)) {
    scope.problem("invalid_keyword", say`must be one of ${Object.keys(TYPES).join(", ")}, or an array of these`);
    return null;
  }
  const expected = expectedWord(schema);
  const ranged = names.includes("integer") && !names.includes("number");
  return (value, sink) => {
    if (!checks.some((check) => check?.(value))) {
      sink.add("type", expected, typeWord(value));
      return false;
    }
    if (!ranged || typeof value !== "number" || Number.isSafeInteger(value)) return true;
    sink.add("range", wording("safe_integer"), shownValue(value));
    return false;
  };
}

/** Whether the schema names null as a type: then null is a value, not an absence. */
export function admitsNull(schema: Json): boolean {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return false;
  const type = (schema as JsonObject)["type"];
  return type === "null" || (Array.isArray(type) && type.includes("null"));
}
