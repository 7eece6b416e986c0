import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { hasExpression } from "@millrace/engine";

const ANYTHING: JsonObject = { type: "object" };

/** JSON Schema of a run's output, as far as the End nodes say it: names, and types where they are certain. */
export function outputSchema(ends: readonly JsonObject[], input: JsonObject): JsonObject {
  const members = ends.map((end) => membersOf(end, input));
  const known = members.filter((each) => each !== null);
  const [first, ...others] = known;
  if (!first || known.length < members.length) return ANYTHING;
  return others.reduce(merged, first);
}

type Members = {
  readonly type: "object";
  readonly properties: { readonly [name: string]: JsonObject };
  readonly required: readonly string[];
};

/** null: an expression makes them. */
function membersOf({ output, text }: JsonObject, input: JsonObject): Members | null {
  if (text !== undefined) return { type: "object", properties: { output: { type: "string" } }, required: ["output"] };
  if (!isJsonObject(output)) return null;
  const properties = Object.fromEntries(Object.entries(output).map(([name, value]) => [name, valueSchema(value, input)]));
  return { type: "object", properties, required: Object.keys(properties) };
}

/** A run may come to several ends, whose members go together. */
function merged(left: Members, right: Members): Members {
  const names = [...new Set([...Object.keys(left.properties), ...Object.keys(right.properties)])];
  const properties = Object.fromEntries(names.map((name) => [name, common(left.properties[name], right.properties[name])]));
  return { type: "object", properties, required: left.required.filter((name) => right.required.includes(name)) };
}

function common(left: JsonObject | undefined, right: JsonObject | undefined): JsonObject {
  if (!left || !right) return left ?? right ?? {};
  return JSON.stringify(left) === JSON.stringify(right) ? left : {};
}

const WHOLE = /^\s*\{\{.*\}\}\s*$/s;
const OF_START = /^\{\{\s*start\.(\w+)\s*\}\}$/;

function valueSchema(value: Json, input: JsonObject): JsonObject {
  if (typeof value === "boolean") return { type: "boolean" };
  if (typeof value === "number") return { type: "number" };
  if (Array.isArray(value)) return { type: "array" };
  if (isJsonObject(value)) return { type: "object" };
  if (typeof value !== "string") return {};
  const given = OF_START.exec(value)?.[1];
  if (given !== undefined) return inputSchema(given, input);
  return hasExpression(value) && WHOLE.test(value) ? {} : { type: "string" };
}

/** Of a parameter that is always there, and whose schema means the same in another place. */
function inputSchema(name: string, { properties, required }: JsonObject): JsonObject {
  const schema = isJsonObject(properties) ? properties[name] : undefined;
  const isThere = (Array.isArray(required) && required.includes(name)) || (isJsonObject(schema) && schema["default"] !== undefined);
  return isJsonObject(schema) && isThere && !/"(x-file|\$ref)":/.test(JSON.stringify(schema)) ? schema : {};
}
