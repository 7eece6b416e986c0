import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { MAX_DESCRIPTION_CHARACTERS, MAX_SCHEMA_DEPTH, MAX_SCHEMAS } from "#tools/limits";
import type { References } from "#tools/openapi/references";

/** Sub-schemas that may still be written out. */
export interface Budget {
  left: number;
}

type Keyword = (operand: Json, schema: JsonObject) => Json | undefined;

const TYPES: ReadonlySet<Json> = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
const count: Keyword = (operand) => (Number.isSafeInteger(operand) && (operand as number) >= 0 ? operand : undefined);
const number: Keyword = (operand) => (typeof operand === "number" ? operand : undefined);

/** Keywords that mean the same everywhere. Whatever stands in none of the tables here is left out: the other side checks it. */
const PLAIN: { readonly [keyword: string]: Keyword } = {
  enum: (operand, { nullable }) => (Array.isArray(operand) && operand.length > 0 ? withNull(operand, nullable === true) : undefined),
  const: (operand) => operand,
  default: (operand) => operand,
  description: (operand) => (typeof operand === "string" ? operand.slice(0, MAX_DESCRIPTION_CHARACTERS) : undefined),
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
  minProperties: count,
  maxProperties: count,
  uniqueItems: (operand) => (typeof operand === "boolean" ? operand : undefined),
  multipleOf: (operand) => (typeof operand === "number" && operand > 0 ? operand : undefined),
  // Beside a boolean of version 3.0 the bound itself is excluded, and goes under the other name.
  minimum: (operand, { exclusiveMinimum }) => (exclusiveMinimum === true ? undefined : number(operand, {})),
  maximum: (operand, { exclusiveMaximum }) => (exclusiveMaximum === true ? undefined : number(operand, {})),
  exclusiveMinimum: (operand, { minimum }) => number(operand === true ? (minimum ?? null) : operand, {}),
  exclusiveMaximum: (operand, { maximum }) => number(operand === true ? (maximum ?? null) : operand, {}),
};

/**
 * The schemas of one operation in the keywords that inputs are checked by, with references written out. A schema that leads back to itself,
 * lies too deep or comes after too many others may be anything.
 */
export class ToolSchemas {
  readonly #references: References;
  readonly #document: Budget;
  #left = MAX_SCHEMAS;

  constructor(references: References, document: Budget) {
    this.#references = references;
    this.#document = document;
  }

  /** @throws Unusable for a reference that leads nowhere. */
  write(source: Json, through: readonly string[] = [], depth = 0): JsonObject {
    if (!isJsonObject(source) || depth > MAX_SCHEMA_DEPTH || !this.#spend()) return {};
    const { $ref } = source;
    if (typeof $ref === "string" && through.includes($ref)) return {};
    const resolved = this.#references.follow(source, "a schema");
    if (resolved.through.some((one) => through.includes(one))) return {};
    const below = [...through, ...resolved.through];
    const schema = resolved.value;
    const members = Object.entries(schema).flatMap(([keyword, operand]): (readonly [string, Json])[] => {
      const written = this.#keyword(keyword, operand, schema, (inner) => this.write(inner, below, depth + 1));
      return written === undefined ? [] : [[keyword, written]];
    });
    const { description } = source;
    return Object.fromEntries([
      ...members,
      ...($ref !== undefined && typeof description === "string" ? [["description", description]] : []),
    ]);
  }

  #spend(): boolean {
    if (this.#left <= 0 || this.#document.left <= 0) return false;
    this.#left--;
    this.#document.left--;
    return true;
  }

  #keyword(keyword: string, operand: Json, schema: JsonObject, write: (inner: Json) => JsonObject): Json | undefined {
    switch (keyword) {
      case "type":
        return typesOf(operand, schema["nullable"] === true);
      case "properties":
        return isJsonObject(operand) ? Object.fromEntries(sent(operand).map(([name, inner]) => [name, write(inner)])) : undefined;
      case "required":
        return Array.isArray(operand) ? requiredOf(operand, schema["properties"]) : undefined;
      case "items":
        return isJsonObject(operand) ? write(operand) : undefined;
      case "additionalProperties":
        return typeof operand === "boolean" ? operand : isJsonObject(operand) ? write(operand) : undefined;
      case "allOf":
      case "anyOf":
      case "oneOf":
        return Array.isArray(operand) && operand.length > 0 ? operand.map(write) : undefined;
      default:
        return Object.hasOwn(PLAIN, keyword) ? PLAIN[keyword]?.(operand, schema) : undefined;
    }
  }
}

function typesOf(operand: Json, isNullable: boolean): Json | undefined {
  const types = (Array.isArray(operand) ? operand : [operand]).filter((type) => TYPES.has(type));
  const all = isNullable && !types.includes("null") ? [...types, "null"] : types;
  const [first] = all;
  return all.length > 1 ? [...new Set(all)] : first;
}

function withNull(values: readonly Json[], isNullable: boolean): Json {
  return isNullable && !values.includes(null) ? [...values, null] : [...values];
}

/** What a caller sends: members that only answers have are none of its business. */
function sent(properties: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(properties).filter(([, schema]) => !(isJsonObject(schema) && schema["readOnly"] === true));
}

function requiredOf(names: readonly Json[], properties: Json | undefined): Json {
  const unsent = isJsonObject(properties) ? new Set(Object.keys(properties)) : new Set<string>();
  if (isJsonObject(properties)) for (const [name] of sent(properties)) unsent.delete(name);
  return [...new Set(names.filter((name): name is string => typeof name === "string" && !unsent.has(name)))];
}
