import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { type JsonFault, jsonFault } from "#text/json-fault.ts";

/** How one parameter of a Start node is asked for. */
export interface Parameter {
  readonly name: string;
  /** Its title, or its name. */
  readonly label: string;
  readonly description: string | null;
  readonly required: boolean;
  readonly kind: "text" | "long" | "number" | "integer" | "boolean" | "choice" | "json";
  readonly choices: readonly Json[];
}

/** Longer texts get a field of several lines. */
const LONG_TEXT = 200;

/** The parameters of a Start node's schema, the required ones first; an empty list where it has none. */
export function parametersOf(schema: JsonObject): Parameter[] {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const all = Object.entries(properties).map(([name, property]) => parameter(name, property, required.includes(name)));
  return [...all.filter((one) => one.required), ...all.filter((one) => !one.required)];
}

function parameter(name: string, property: Json, required: boolean): Parameter {
  const { title, description, enum: choices, type, maxLength, format } = isJsonObject(property) ? property : {};
  const isLong = (typeof maxLength === "number" && maxLength > LONG_TEXT) || format === "textarea";
  return {
    name,
    label: typeof title === "string" ? title : name,
    description: typeof description === "string" ? description : null,
    required,
    kind: Array.isArray(choices) ? "choice" : kindOf(type, isLong),
    choices: Array.isArray(choices) ? choices : [],
  };
}

function kindOf(type: Json | undefined, isLong: boolean): Parameter["kind"] {
  if (type === "string") return isLong ? "long" : "text";
  return type === "number" || type === "integer" || type === "boolean" ? type : "json";
}

export type Read =
  | { readonly value: Json | undefined }
  | { readonly fault: "number" | "integer"; readonly reason: string }
  | { readonly fault: "json"; readonly at: JsonFault };

/** What was typed, as the value of the parameter; nothing typed is no value. Full-width digits are digits. */
export function read({ kind }: Parameter, text: string): Read {
  if (kind === "text" || kind === "long") return { value: text === "" ? undefined : text };
  const plain = text.normalize("NFKC").trim();
  if (plain === "") return { value: undefined };
  if (kind === "number" || kind === "integer") {
    const value = Number(plain);
    if (!Number.isFinite(value)) return { fault: "number", reason: plain };
    return kind === "integer" && !Number.isInteger(value) ? { fault: "integer", reason: plain } : { value };
  }
  return parse(text);
}

function parse(text: string): Read {
  const at = jsonFault(text);
  return at ? { fault: "json", at } : { value: JSON.parse(text) as Json };
}

/** A value as it is shown in the field of the parameter. */
export function write({ kind }: Parameter, value: Json | undefined): string {
  if (value === undefined) return "";
  if ((kind === "text" || kind === "long") && typeof value === "string") return value;
  return kind === "json" ? JSON.stringify(value, null, 2) : typeof value === "string" && kind !== "choice" ? value : JSON.stringify(value);
}
