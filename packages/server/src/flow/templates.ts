import type { Json } from "@millrace/contract";
import { STRING } from "@millrace/engine";
import { configOf, convertTo, type Expression, escapeText, type FlowValue, stringCode, textCode } from "#flow/expression";
import { textOf } from "#flow/json";
import { quote } from "#flow/problems";
import { resolveName } from "#flow/template-names";
import type { ValueReader } from "#flow/values";

/** A template's text in pieces: literal text, and values that are inserted. */
export type Part = { readonly text: string } | { readonly value: Expression };

/** `\{{` for two literal braces, or `{{name}}` without braces or line breaks inside. */
const TOKEN = /\\\{\{|\{\{([^{}\r\n\u2028\u2029]*)\}\}/g;

/** Reads a vendor template. A name that means nothing stays as literal text, with a warning. */
export function parseTemplate(text: string, at: string, values: ValueReader): readonly Part[] {
  const parts: Part[] = [];
  const known = new Map<string, Expression | null>();
  let literal = "";
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    literal += text.slice(end, match.index);
    end = match.index + match[0].length;
    const name = match[1]?.trim();
    const value = name === undefined ? undefined : lookUp(name, at, values, known);
    if (value === undefined) literal += "{{";
    else if (value === null) literal += match[0];
    else {
      if (literal !== "") parts.push({ text: literal });
      parts.push({ value });
      literal = "";
    }
  }
  literal += text.slice(end);
  if (literal !== "") parts.push({ text: literal });
  return parts;
}

function lookUp(name: string, at: string, values: ValueReader, known: Map<string, Expression | null>): Expression | null {
  let value = known.get(name);
  if (values.translation.spent) return null;
  if (value === undefined) {
    if (!values.translation.spend(1)) return null;
    value = resolveName(name, at, values);
    known.set(name, value);
    if (value === null) {
      values.translation.report(values.node, "MR_TEMPLATE_UNRESOLVED", at, `${quote(name)} names no value here; the text stays as it is.`);
    }
  }
  return value === null || values.translation.spend(value.code.split(",").length) ? value : null;
}

/** The template as a native string that always gives text. */
export function templateConfig(parts: readonly Part[]): string {
  const [only] = parts;
  return parts.length === 1 && only && "value" in only ? `{{ ${textCode(only.value)} }}` : joined(parts);
}

function joined(parts: readonly Part[]): string {
  return parts
    .map((part, index) => ("value" in part ? `{{ ${part.value.code} }}` : literalText(part.text, index < parts.length - 1)))
    .join("");
}

/** Braces and backslashes right before an expression would be read as part of its opening; they become an expression themselves. */
function literalText(text: string, beforeValue: boolean): string {
  const tail = beforeValue ? (/[\\{]+$/.exec(text)?.[0] ?? "") : "";
  const head = escapeText(text.slice(0, text.length - tail.length));
  return tail === "" ? head : `${head}{{ ${stringCode(tail).replaceAll("{", "\\u007b")} }}`;
}

/** The template as one expression that gives text. */
export function templateCode(parts: readonly Part[]): string {
  const [only] = parts;
  if (parts.length === 1 && only && "value" in only) return textCode(only.value);
  if (parts.length === 0) return '""';
  return parts.map((part) => ("value" in part ? `(${textCode(part.value)})` : stringCode(part.text))).join(" + ");
}

/** A text-or-reference field: a variable, a reference as a string, or a template. Anything else is taken as a literal. */
export function textOrReference(value: Json | undefined, at: string, values: ValueReader): FlowValue | readonly Part[] {
  if (typeof value === "string") return values.isReference(value) ? values.reference(value, at) : parseTemplate(value, at, values);
  if (value === undefined || value === null || typeof value !== "object" || Array.isArray(value)) return { literal: value ?? null };
  return values.operand(value, at);
}

/** A text-or-reference field as a native string. A variable that is null stays null. */
export function textConfig(value: Json | undefined, at: string, values: ValueReader): Json {
  const read = textOrReference(value, at, values);
  return isTemplate(read) ? templateConfig(read) : configOf(convertTo(read, STRING));
}

export function isTemplate(read: FlowValue | readonly Part[]): read is readonly Part[] {
  return Array.isArray(read);
}

/** A text field: always a template. */
export function templateText(value: Json | undefined, at: string, values: ValueReader): string {
  return templateConfig(parseTemplate(textOf(value), at, values));
}

/** A text field whose native executor writes any value as text itself. */
export function looseTemplateText(value: Json | undefined, at: string, values: ValueReader): string {
  return joined(parseTemplate(textOf(value), at, values));
}
