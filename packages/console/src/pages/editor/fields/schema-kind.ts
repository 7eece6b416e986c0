import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";

/** How the value of a schema is edited. */
export type FieldKind =
  | { readonly kind: "choice"; readonly options: readonly string[] }
  | { readonly kind: "boolean" }
  | { readonly kind: "number"; readonly integer: boolean; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: "text" }
  | { readonly kind: "group"; readonly members: readonly Member[] }
  | { readonly kind: "map"; readonly value: JsonObject }
  | { readonly kind: "list"; readonly item: JsonObject }
  /** Objects of several shapes, told apart by the constant in one member. */
  | { readonly kind: "variants"; readonly by: string; readonly variants: readonly { readonly key: string; readonly schema: JsonObject }[] }
  | { readonly kind: "any" };

export interface Member {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** Members of an object schema, in its order. */
export function membersOf(schema: JsonObject): readonly Member[] {
  const { properties, required } = schema;
  const needed = new Set(Array.isArray(required) ? required : []);
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).map(([name, member]) => ({
    name,
    schema: isJsonObject(member) ? member : {},
    required: needed.has(name),
  }));
}

/** May an expression stand in the place of the value? */
export function takesExpression({ anyOf }: JsonObject): boolean {
  return Array.isArray(anyOf) && anyOf.some(isExpression);
}

/** The alternative that an expression has: text in braces, or a choice of nothing else. */
function isExpression(branch: Json): boolean {
  if (!isJsonObject(branch)) return false;
  const { pattern, anyOf } = branch;
  return (typeof pattern === "string" && pattern.includes("\\{\\{")) || (Array.isArray(anyOf) && anyOf.every(isExpression));
}

export function kindOf(schema: JsonObject): FieldKind {
  const { anyOf } = schema;
  return Array.isArray(anyOf) ? kindOfUnion(anyOf.filter(isMeaningful)) : kindOfPlain(schema);
}

/** Null and the alternative of an expression are no shapes of their own. */
function isMeaningful(branch: Json): branch is JsonObject {
  return isJsonObject(branch) && branch["type"] !== "null" && !isExpression(branch);
}

function kindOfUnion(branches: readonly JsonObject[]): FieldKind {
  const [only, ...others] = branches;
  if (!only) return { kind: "any" };
  if (others.length === 0) return kindOf(only);
  if (branches.every(({ const: value }) => typeof value === "string"))
    return { kind: "choice", options: branches.map(({ const: value }) => String(value)) };
  return variantsOf(branches) ?? { kind: "any" };
}

function variantsOf(branches: readonly JsonObject[]): FieldKind | null {
  const by = membersOf(branches[0] ?? {}).find(({ schema }) => typeof schema["const"] === "string")?.name;
  if (by === undefined) return null;
  const variants = branches.flatMap((schema) => {
    const key = membersOf(schema).find(({ name }) => name === by)?.schema["const"];
    return typeof key === "string" ? [{ key, schema }] : [];
  });
  return variants.length === branches.length ? { kind: "variants", by, variants } : null;
}

function kindOfPlain(schema: JsonObject): FieldKind {
  const { enum: options, type } = schema;
  if (Array.isArray(options)) return { kind: "choice", options: options.map(String) };
  switch (type) {
    case "boolean":
      return { kind: "boolean" };
    case "integer":
    case "number":
      return { kind: "number", integer: type === "integer", ...bounds(schema) };
    case "string":
      return { kind: "text" };
    case "array": {
      const item = isJsonObject(schema["items"]) ? schema["items"] : {};
      return { kind: "list", item };
    }
    case "object":
      return objectKind(schema);
    default:
      return { kind: "any" };
  }
}

function bounds({ minimum, maximum }: JsonObject): { minimum?: number; maximum?: number } {
  return { ...(typeof minimum === "number" && { minimum }), ...(typeof maximum === "number" && { maximum }) };
}

function objectKind(schema: JsonObject): FieldKind {
  const members = membersOf(schema);
  if (members.length > 0) return { kind: "group", members };
  const { patternProperties } = schema;
  const [value] = isJsonObject(patternProperties) ? Object.values(patternProperties) : [];
  return { kind: "map", value: isJsonObject(value) ? value : {} };
}

/** What a new element of a list, or a new value, begins with. */
export function emptyValue(schema: JsonObject): Json {
  const kind = kindOf(schema);
  switch (kind.kind) {
    case "choice":
      return kind.options[0] ?? "";
    case "boolean":
      return false;
    case "number":
      return kind.minimum ?? 0;
    case "group":
      return Object.fromEntries(kind.members.filter(({ required }) => required).map(({ name, schema: own }) => [name, emptyValue(own)]));
    case "map":
      return {};
    case "list":
      return [];
    case "variants": {
      const [first] = kind.variants;
      return first ? variantValue(first.schema) : {};
    }
    default:
      return "";
  }
}

/** An object of one shape, with its constant in place. */
export function variantValue(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    membersOf(schema).flatMap(({ name, schema: own, required }): [string, Json][] =>
      own["const"] === undefined ? (required ? [[name, emptyValue(own)]] : []) : [[name, own["const"]]],
    ),
  );
}
