import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";

/** An input that the Start node takes, as far as its schema tells: the required parameters, each with its default, its example or a small value. */
export function sampleInput({ nodes }: JsonObject): JsonObject {
  const start = (Array.isArray(nodes) ? nodes : []).find((node) => isJsonObject(node) && node["type"] === "start");
  const schema = isJsonObject(start) ? start["input"] : undefined;
  return isJsonObject(schema) ? sampleObject(schema) : {};
}

function sampleObject({ properties, required }: JsonObject): JsonObject {
  const known = isJsonObject(properties) ? properties : {};
  const names = Array.isArray(required) ? required.map(String) : [];
  return Object.fromEntries(names.map((name) => [name, sampleValue(known[name] ?? {})]));
}

function sampleValue(schema: Json): Json {
  if (!isJsonObject(schema)) return "text";
  const { default: fallback, examples, const: only, enum: values, type } = schema;
  const given = [fallback, only, ...listOf(examples), ...listOf(values)].find((value) => value !== undefined && value !== null);
  if (given !== undefined) return given;
  if (schema["x-file"] !== undefined) return { format: "txt", name: "sample.txt", base64_content: "c2FtcGxl" };
  return sampleOf(Array.isArray(type) ? String(type[0]) : String(type), schema);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function sampleOf(type: string, schema: JsonObject): Json {
  switch (type) {
    case "integer":
    case "number":
      return sampleNumber(schema, type === "integer" ? 1 : 0.5);
    case "boolean":
      return true;
    case "array":
      return Array.from({ length: numberOr(schema["minItems"], 1) }, () => sampleValue(schema["items"] ?? {}));
    case "object":
      return sampleObject(schema);
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
