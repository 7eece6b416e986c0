import { FILE_FORMATS, isFileKind } from "#file-kinds";
import { isJsonObject, type Json, type JsonObject } from "#json";

/** Deeper ones are given up: a schema may name itself. */
const MAX_DEPTH = 8;

const FORMATS: { readonly [format: string]: string } = {
  date: "2030-01-31",
  "date-time": "2030-01-31T09:00:00Z",
  time: "09:00:00Z",
  email: "ada@example.com",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10",
};

/** An input that may fit the schema of a Start node: what is required, and what has an example of its own. Whether it fits is for others to check. */
export function exampleInput(schema: JsonObject): JsonObject {
  const value = new Examples(schema).of(schema, 0);
  return isJsonObject(value) ? value : {};
}

class Examples {
  readonly #root: JsonObject;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  of(schema: Json | undefined, depth: number): Json {
    if (!isJsonObject(schema) || depth > MAX_DEPTH) return "example";
    const given = this.#given(schema);
    if (given !== undefined) return given;
    const { $ref: ref, anyOf, oneOf, allOf } = schema;
    if (typeof ref === "string") return this.of(this.#at(ref), depth + 1);
    const [choice] = [anyOf, oneOf, allOf].filter((each) => Array.isArray(each)).flat();
    if (choice !== undefined) return this.of(choice, depth + 1);
    const kind = schema["x-file"];
    if (isFileKind(kind)) return { url: "https://example.com/file", format: FILE_FORMATS[kind][0] };
    return this.#typed(schema, depth);
  }

  #given(schema: JsonObject): Json | undefined {
    const { examples, const: only, enum: values, default: usual } = schema;
    if (only !== undefined) return only;
    if (Array.isArray(examples)) return examples[0];
    return usual ?? (Array.isArray(values) ? values[0] : undefined);
  }

  #typed(schema: JsonObject, depth: number): Json {
    const { type } = schema;
    switch (Array.isArray(type) ? type[0] : type) {
      case "object":
      case undefined:
        return type === undefined && schema["properties"] === undefined ? "example" : this.#object(schema, depth);
      case "array":
        return Array.from({ length: numberOf(schema["minItems"], 0) }, () => this.of(schema["items"], depth + 1));
      case "integer":
      case "number":
        return numberOf(schema["minimum"], Math.min(1, numberOf(schema["maximum"], 1)));
      case "boolean":
        return true;
      case "null":
        return null;
      default:
        return textOf(schema);
    }
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const wanted = Object.entries(properties).filter(
      ([name, one]) => required.includes(name) || (isJsonObject(one) && this.#given(one) !== undefined),
    );
    return Object.fromEntries(wanted.map(([name, one]) => [name, this.of(one, depth + 1)]));
  }

  #at(ref: string): Json | undefined {
    const [, part = "", name = ""] = /^#\/([^/]+)\/([^/]+)$/.exec(ref) ?? [];
    const parts = this.#root[part];
    return isJsonObject(parts) ? parts[name] : undefined;
  }
}

function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function textOf({ format, minLength, maxLength }: JsonObject): string {
  const text = typeof format === "string" ? (FORMATS[format] ?? "example") : "example";
  return text.padEnd(numberOf(minLength, 0), "x").slice(0, numberOf(maxLength, Number.POSITIVE_INFINITY));
}
