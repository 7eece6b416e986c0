import { FILE_FORMATS, isFileKind } from "#file-kinds";
import { isJsonObject, type Json, type JsonObject } from "#json";

/** Deeper values are cut short: a schema may be its own part. */
const MAX_DEPTH = 8;

/** An input that a Start node with this schema takes, as far as the schema tells: the required parameters, each with its default, its example or a small value. */
export function sampleInput(schema: JsonObject): JsonObject {
  return sampleObject(schema, { root: schema, depth: 0 });
}

/** Where a value is made. */
interface Place {
  readonly root: JsonObject;
  readonly depth: number;
}

function sampleObject({ properties, required }: JsonObject, place: Place): JsonObject {
  const known = isJsonObject(properties) ? properties : {};
  const names = Array.isArray(required) ? required.map(String) : [];
  return Object.fromEntries(names.map((name) => [name, sampleValue(known[name] ?? {}, place)]));
}

function sampleValue(schema: Json, { root, depth }: Place): Json {
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return "text";
  const place = { root, depth: depth + 1 };
  const { default: fallback, examples, const: only, enum: values, type, $ref: ref } = schema;
  const given = [fallback, only, ...listOf(examples), ...listOf(values)].find((value) => value !== undefined && value !== null);
  if (given !== undefined) return given;
  const kind = schema["x-file"];
  if (isFileKind(kind)) return sampleFile(kind);
  if (typeof ref === "string") return sampleValue(partAt(root, ref), place);
  const [choice] = [schema["anyOf"], schema["oneOf"], schema["allOf"]].flatMap(listOf);
  if (type === undefined && choice !== undefined) return sampleValue(choice, place);
  return sampleOf(Array.isArray(type) ? String(type[0]) : String(type), schema, place);
}

function sampleFile(kind: keyof typeof FILE_FORMATS): JsonObject {
  const formats: readonly string[] = FILE_FORMATS[kind];
  const format = formats.includes("txt") ? "txt" : (formats[0] ?? "");
  return { format, name: `sample.${format}`, base64_content: "c2FtcGxl" };
}

/** What `#/$defs/name` names. */
function partAt(root: JsonObject, ref: string): Json {
  const [, part = "", name = ""] = /^#\/([^/]+)\/([^/]+)$/.exec(ref) ?? [];
  const parts = root[part];
  return (isJsonObject(parts) ? parts[name] : undefined) ?? {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function sampleOf(type: string, schema: JsonObject, place: Place): Json {
  switch (type) {
    case "integer":
    case "number":
      return sampleNumber(schema, type === "integer" ? 1 : 0.5);
    case "boolean":
      return true;
    case "array":
      return Array.from({ length: numberOr(schema["minItems"], 1) }, () => sampleValue(schema["items"] ?? {}, place));
    case "object":
      return sampleObject(schema, place);
    case "null":
      return null;
    default:
      return sampleText(schema);
  }
}

/** The number nearest to 1 that the bounds leave. */
function sampleNumber({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: JsonObject, step: number): number {
  const low = Math.max(numberOr(minimum, Number.NEGATIVE_INFINITY), numberOr(exclusiveMinimum, Number.NEGATIVE_INFINITY) + step);
  const high = Math.min(numberOr(maximum, Number.POSITIVE_INFINITY), numberOr(exclusiveMaximum, Number.POSITIVE_INFINITY) - step);
  const unit = numberOr(multipleOf, step);
  const value = Math.ceil(Math.max(Math.min(1, high), low) / unit) * unit;
  return value <= high ? value : low;
}

const FORMATS: { readonly [format: string]: string } = {
  date: "2026-01-31",
  time: "09:30:00Z",
  "date-time": "2026-01-31T09:30:00Z",
  email: "ada@example.com",
  uri: "https://example.com/",
  uuid: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10",
};

function sampleText({ format, minLength, maxLength }: JsonObject): string {
  const known = typeof format === "string" ? FORMATS[format] : undefined;
  if (known !== undefined) return known;
  return "text".padEnd(numberOr(minLength, 0), ".").slice(0, numberOr(maxLength, Number.POSITIVE_INFINITY));
}

function numberOr(value: Json | undefined, other: number): number {
  return typeof value === "number" ? value : other;
}
