import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { STRING } from "@millrace/engine";
import { textCode } from "#flow/expression";
import { isBlank, record, textOf } from "#flow/json";
import { readEntries } from "#flow/nodes/http-entries";
import { type Part, parseTemplate, templateConfig, templateText } from "#flow/templates";
import type { ValueReader } from "#flow/values";

export interface Body {
  /** The native `request.body`. */
  readonly member: JsonObject;
  /** The header that the vendor's kind of body implies, where the native one does not. */
  readonly contentType?: string;
}

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

/** A text template, or `{type, value}`; null: no body. An object that is neither is a JSON body itself. */
export function readBody(body: Json | undefined, at: string, contentType: string | null, values: ValueReader): Body | null {
  if (isBlank(body)) return null;
  if (typeof body === "string")
    return looksLikeJson(body, contentType) ? jsonText(body, at, values) : { member: { text: templateText(body, at, values) } };
  if (body === undefined || !isJsonObject(body)) return { member: { json: translateJson(body ?? null, at, values) } };
  if (isBlank(body["type"])) {
    return Object.hasOwn(body, "value")
      ? readBody(body["value"], `${at}.value`, contentType, values)
      : { member: { json: translateJson(body, at, values) } };
  }
  return isBlank(body["value"]) ? null : readTyped(textOf(body["type"]).toUpperCase(), body["value"] ?? null, `${at}.value`, values);
}

function readTyped(type: string, value: Json, at: string, values: ValueReader): Body | null {
  switch (type) {
    case "NONE":
      return null;
    case "JSON":
      return typeof value === "string" ? jsonText(value, at, values) : { member: { json: translateJson(value, at, values) } };
    case "FORM":
      return readForm(value, at, values);
    default:
      return { member: { text: templateText(value, at, values) } };
  }
}

function readForm(value: Json, at: string, values: ValueReader): Body {
  if (typeof value === "string") return { member: { text: templateText(value, at, values) }, contentType: FORM_TYPE };
  return { member: { form: record(readEntries(value, at, values).map((entry) => [entry.name, entry.value])) } };
}

/** A body of no said kind is JSON when its header says so; without a header, when it starts like an object or a list. */
function looksLikeJson(text: string, contentType: string | null): boolean {
  return contentType === null ? /^\s*[{[]/.test(text) && !/^\s*\{\{/.test(text) : contentType.toLowerCase().includes("json");
}

/** JSON text with values inside: within quotes they are escaped as JSON texts are, elsewhere they stand as they are. */
function jsonText(text: string, at: string, values: ValueReader): Body {
  let quoted = false;
  const parts = parseTemplate(text, at, values).map((part): Part => {
    if ("text" in part) {
      quoted = endsQuoted(part.text, quoted);
      return part;
    }
    return quoted ? { value: { code: `JSON.stringify(${textCode(part.value)}).slice(1, -1)`, type: STRING } } : part;
  });
  return { member: { text: templateConfig(parts) }, contentType: JSON_TYPE };
}

/** Does the text end inside a JSON string, when it starts inside or outside of one? */
function endsQuoted(text: string, quoted: boolean): boolean {
  let inside = quoted;
  for (let index = 0; index < text.length; index++) {
    if (inside && text[index] === "\\") index++;
    else if (text[index] === '"') inside = !inside;
  }
  return inside;
}

/** A JSON value whose strings are templates. */
function translateJson(value: Json, at: string, values: ValueReader): Json {
  if (typeof value === "string") return templateText(value, at, values);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item, index) => translateJson(item, `${at}[${index}]`, values));
  return record(Object.entries(value).map(([name, item]) => [name, translateJson(item, `${at}.${name}`, values)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
