import { isFileKind, isJsonObject, type Json, type JsonObject } from "@millrace/contract";

/** Deeper values are `unknown`: a schema may be its own part. */
const MAX_DEPTH = 8;

/** What a file parameter takes; declared once in the file of types. */
export const FILE_TYPE = "MillraceFile";

interface Place {
  readonly root: JsonObject;
  readonly depth: number;
  /** Blanks before a member. */
  readonly indent: string;
}

/** The TypeScript type of what fits a JSON Schema, as far as the schema tells; members on lines of their own behind `indent`. */
export function schemaType(schema: JsonObject, indent: string): string {
  return typeOf(schema, { root: schema, depth: 0, indent });
}

function typeOf(schema: Json | undefined, place: Place): string {
  if (!isJsonObject(schema) || place.depth > MAX_DEPTH) return "unknown";
  const inner = { ...place, depth: place.depth + 1 };
  const { const: only, enum: values, type, $ref: ref } = schema;
  if (isFileKind(schema["x-file"])) return FILE_TYPE;
  if (typeof ref === "string") return typeOf(partAt(place.root, ref), inner);
  if (only !== undefined) return literal(only);
  if (Array.isArray(values)) return union(values.map(literal));
  const choices = schema["anyOf"] ?? schema["oneOf"];
  if (type === undefined && Array.isArray(choices)) return union(choices.map((choice: Json) => typeOf(choice, inner)));
  const types: readonly Json[] = Array.isArray(type) ? type : [type ?? null];
  return type === undefined ? "unknown" : union(types.map((one) => plainType(String(one), schema, inner)));
}

function plainType(type: string, schema: JsonObject, place: Place): string {
  switch (type) {
    case "string":
    case "boolean":
    case "null":
      return type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return `readonly ${inParentheses(typeOf(schema["items"], place))}[]`;
    case "object":
      return objectType(schema, place);
    default:
      return "unknown";
  }
}

function objectType({ properties, required, additionalProperties }: JsonObject, place: Place): string {
  const known = Object.entries(isJsonObject(properties) ? properties : {});
  if (known.length === 0)
    return `{ [name: string]: ${isJsonObject(additionalProperties) ? typeOf(additionalProperties, place) : "unknown"} }`;
  const names = Array.isArray(required) ? required : [];
  const inner = { ...place, indent: `${place.indent}  ` };
  const members = known.map(([name, schema]) => {
    const { description, default: fallback } = isJsonObject(schema) ? schema : {};
    const mark = names.includes(name) && fallback === undefined ? "" : "?";
    return `${comment(description, inner.indent)}${inner.indent}${memberName(name)}${mark}: ${typeOf(schema, inner)};\n`;
  });
  return `{\n${members.join("")}${place.indent}}`;
}

function comment(text: Json | undefined, indent: string): string {
  return typeof text === "string" && text.trim() !== ""
    ? `${indent}/** ${text.trim().replaceAll("*/", "* /").replaceAll(/\s+/g, " ")} */\n`
    : "";
}

/** As a member of a type: quoted where it is no identifier. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function literal(value: Json): string {
  return typeof value === "object" && value !== null ? "unknown" : JSON.stringify(value);
}

function union(types: readonly string[]): string {
  const different = [...new Set(types)];
  return different.includes("unknown") ? "unknown" : different.join(" | ") || "never";
}

function inParentheses(type: string): string {
  return type.includes(" | ") || type.startsWith("readonly ") ? `(${type})` : type;
}

/** What `#/$defs/name` names. */
function partAt(root: JsonObject, ref: string): Json | undefined {
  const [, part = "", name = ""] = /^#\/([^/]+)\/([^/]+)$/.exec(ref) ?? [];
  const parts = root[part];
  return isJsonObject(parts) ? parts[name] : undefined;
}
