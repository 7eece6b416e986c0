import { isJsonObject, type Json, type JsonObject } from "../../packages/contract/src/json.ts";
import { EXPRESSION_PATTERN } from "../../packages/contract/src/workflow.ts";

/** A member of a schema, nested ones by their dotted path. */
export interface SchemaRow {
  readonly path: string;
  readonly required: boolean;
  readonly type: string;
  readonly fallback: Json | undefined;
  /** What the schema says of it. */
  readonly description: string | undefined;
}

/** The members of an object's schema, each followed by its own; `isWhole` says of which nothing inside is shown. */
export function schemaRows(schema: JsonObject, isWhole: (path: string) => boolean = () => false, prefix = ""): readonly SchemaRow[] {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const rows = Object.entries(objectOf(schema["properties"])).flatMap(([name, member]): readonly SchemaRow[] => {
    const path = `${prefix}${name}`;
    const own = objectOf(member);
    const row: SchemaRow = {
      path,
      required: required.includes(name),
      type: typeText(own),
      fallback: found(own, "default"),
      description: found(own, "description") as string | undefined,
    };
    return [row, ...(isWhole(path) ? [] : innerRows(own, isWhole, `${path}.`))];
  });
  return [...Map.groupBy(rows, ({ path }) => path).values()].flatMap(merged);
}

/** A member that several alternatives have is one of their types. */
function merged(rows: readonly SchemaRow[]): readonly SchemaRow[] {
  const [first] = rows;
  return first === undefined ? [] : [{ ...first, type: distinct(rows.map(({ type }) => type)).join(", ") }];
}

/** Members of alternatives, of items and of values by name are members of what holds them. */
function innerRows(schema: JsonObject, isWhole: (path: string) => boolean, prefix: string): readonly SchemaRow[] {
  const values = Object.values(objectOf(schema["patternProperties"]));
  const inside = [...alternativesOf(schema), ...values, ...(schema["items"] === undefined ? [] : [schema["items"]])];
  return [...schemaRows(schema, isWhole, prefix), ...inside.flatMap((one) => innerRows(objectOf(one), isWhole, prefix))];
}

/** `integer, 1 to 64, or expression`. */
function typeText(schema: JsonObject): string {
  const branches = alternativesOf(schema)
    .map(objectOf)
    .filter((branch) => !isExpression(branch));
  const mayBeExpression = branches.length < alternativesOf(schema).length;
  const plain = branches.length > 0 ? distinct(branches.map(typeText).filter((text) => text !== "")).join(", ") : ownType(schema);
  return mayBeExpression && plain !== "" ? `${plain}, or expression` : plain;
}

function ownType(schema: JsonObject): string {
  if (isExpression(schema)) return "";
  const choices = schema["enum"];
  if (Array.isArray(choices)) return choices.map((choice) => `\`${String(choice)}\``).join(", ");
  if (schema["const"] !== undefined) return `\`${String(schema["const"])}\``;
  if (schema["type"] === "array") return `array${itemText(objectOf(schema["items"]))}${bounds(schema, "minItems", "maxItems", " items")}`;
  if (schema["type"] === "string") return `text${bounds(schema, "minLength", "maxLength", " characters")}`;
  if (schema["type"] === undefined) return "any value";
  return `${String(schema["type"])}${bounds(schema, "minimum", "maximum", "")}`;
}

function itemText(items: JsonObject): string {
  const text = items["type"] === undefined && items["enum"] === undefined ? "" : typeText({ ...items, maxLength: null, minLength: null });
  return text === "" || text.startsWith("any") ? "" : ` of ${text}`;
}

function bounds(schema: JsonObject, least: string, most: string, unit: string): string {
  const [from, to] = [schema[least], schema[most]].map((bound) => (typeof bound === "number" ? bound.toLocaleString("en") : undefined));
  if (from !== undefined && to !== undefined) return `, ${from} to ${to}${unit}`;
  if (to !== undefined) return `, at most ${to}${unit}`;
  return from === undefined || from === "1" ? "" : `, at least ${from}${unit}`;
}

/** A member of the schema, or of the one of its alternatives that has it. */
function found(schema: JsonObject, name: string): Json | undefined {
  if (schema[name] !== undefined) return schema[name];
  const branches = alternativesOf(schema)
    .map(objectOf)
    .filter((branch) => !isExpression(branch));
  return branches.map((branch) => found(branch, name)).find((value) => value !== undefined);
}

/** A choice whose only branches are expressions is one itself. */
function isExpression(schema: JsonObject): boolean {
  if (schema["pattern"] === EXPRESSION_PATTERN) return true;
  const branches = alternativesOf(schema);
  return branches.length > 0 && branches.map(objectOf).every(isExpression);
}

function alternativesOf(schema: JsonObject): readonly Json[] {
  const choice = schema["anyOf"] ?? schema["oneOf"];
  return Array.isArray(choice) ? choice : [];
}

function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
