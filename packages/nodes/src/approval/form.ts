import {
  compileStart,
  FORM_FORMATS,
  FORM_KEYWORDS,
  FORM_TYPES,
  isJsonObject,
  type Json,
  type JsonObject,
  LIMITS,
  type Said,
  say,
  toPointer,
} from "@millrace/contract";
import type { SaidProblem } from "@millrace/engine";

const ROOT_KEYWORDS: ReadonlySet<string> = new Set(["type", "properties", "required", "title", "description", "additionalProperties"]);
const FIELD_KEYWORDS: ReadonlySet<string> = new Set(FORM_KEYWORDS);

/** What keeps a form from being drawn: the page, the console and the command line draw the same fields. */
export function formProblems(form: JsonObject): readonly SaidProblem[] {
  const properties = isJsonObject(form["properties"]) ? form["properties"] : {};
  const names = Object.keys(properties);
  const most = LIMITS.approvalFields.value;
  const own = [
    ...unknownKeywords(form, ROOT_KEYWORDS, []),
    ...(names.length > most ? [problem(["properties"], say`A form has at most ${most} fields.`)] : []),
    ...names.flatMap((name) => fieldProblems(properties[name] ?? null, ["properties", name])),
  ];
  if (own.length > 0) return own;
  const compiled = compileStart(form, { patterns: noPatterns });
  return compiled.ok ? [] : compiled.problems.map(({ path, said }) => ({ ...problem([], said), path: `/form${path}` }));
}

function fieldProblems(field: Json, at: readonly string[]): SaidProblem[] {
  if (!isJsonObject(field)) return [problem(at, say`A field is a schema.`)];
  const { type, format, items } = field;
  const unknown = unknownKeywords(field, FIELD_KEYWORDS, at);
  if (!isOneOf(FORM_TYPES, type)) return [...unknown, problem([...at, "type"], say`A field is one of: ${FORM_TYPES.join(", ")}.`)];
  if (format !== undefined && !isOneOf(FORM_FORMATS, format))
    unknown.push(problem([...at, "format"], say`A field's format is one of: ${FORM_FORMATS.join(", ")}.`));
  if (type !== "array") return unknown;
  const isChoice = isJsonObject(items) && items["type"] === "string" && Array.isArray(items["enum"]);
  return isChoice
    ? unknown
    : [...unknown, problem([...at, "items"], say`A list is a choice of several texts: items with an enum of texts.`)];
}

function unknownKeywords(schema: JsonObject, known: ReadonlySet<string>, at: readonly string[]): SaidProblem[] {
  return Object.keys(schema)
    .filter((keyword) => !known.has(keyword))
    .map((keyword) => problem([...at, keyword], say`A form cannot draw "${keyword}". It knows: ${[...known].join(", ")}.`));
}

function problem(at: readonly string[], message: Said): SaidProblem {
  return { code: "invalid_form", level: "error", path: `/form${toPointer(at)}`, message };
}

function isOneOf(values: readonly string[], value: Json | undefined): boolean {
  return typeof value === "string" && values.includes(value);
}

/** Never asked: a form has no patterns. */
function noPatterns(): never {
  throw new Error("a form has no patterns");
}
