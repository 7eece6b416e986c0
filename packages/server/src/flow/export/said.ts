import type { Json } from "@millrace/contract";
import { type AnyNode, parseExpressionAt } from "acorn";
import { record } from "#flow/json";

/** An expression as far as the vendor's format has words for it: it names values and writes literals, and computes nothing. */
export type Said =
  | { readonly kind: "literal"; readonly value: Json }
  /** `root.a.b`, and what `path` follows, as steps. */
  | { readonly kind: "value"; readonly root: string; readonly steps: readonly string[] }
  | { readonly kind: "convert"; readonly value: Said; readonly type: string }
  /** `value ?? ""`. */
  | { readonly kind: "text"; readonly value: Said }
  | { readonly kind: "call"; readonly name: string; readonly given: readonly Said[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Said])[] }
  /** It computes. */
  | { readonly kind: "other"; readonly source: string };

export type SaidValue = Said & { readonly kind: "value" };

/** Characters of an expression that is looked at; a longer one computes, whatever it says. */
const MAX_CHARS = 20_000;

/** Nesting of an expression that is looked at. */
const MAX_NESTING = 40;

/** Reads an expression, without its braces. Whatever it is: nothing is thrown. */
export function readSaid(source: string): Said {
  const other: Said = { kind: "other", source: source.trim() };
  if (source.length > MAX_CHARS) return other;
  try {
    const parsed = parseExpressionAt(source, 0, { ecmaVersion: "latest", sourceType: "script" });
    return source.slice(parsed.end).trim() === "" ? (read(parsed, 0) ?? other) : other;
  } catch {
    return other;
  }
}

/** null: it computes. */
function read(node: AnyNode, depth: number): Said | null {
  if (depth > MAX_NESTING) return null;
  switch (node.type) {
    case "Literal":
      return isPlain(node.value) ? { kind: "literal", value: node.value } : null;
    case "Identifier":
      return { kind: "value", root: node.name, steps: [] };
    case "MemberExpression":
      return readMember(node, depth);
    case "CallExpression":
      return readCall(node, depth);
    case "LogicalExpression":
      return readDefault(node, depth);
    case "UnaryExpression":
      return readMinus(node, depth);
    case "ArrayExpression":
      return readList(node.elements, depth);
    case "ObjectExpression":
      return readObject(node.properties, depth);
    default:
      return null;
  }
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function readMember(node: Extract<AnyNode, { type: "MemberExpression" }>, depth: number): Said | null {
  const object = read(node.object, depth + 1);
  const step = stepOf(node, depth);
  return object?.kind === "value" && step !== null ? { ...object, steps: [...object.steps, step] } : null;
}

function stepOf({ property, computed }: Extract<AnyNode, { type: "MemberExpression" }>, depth: number): string | null {
  if (!computed) return property.type === "Identifier" ? property.name : null;
  const index = read(property, depth + 1);
  if (index?.kind !== "literal") return null;
  return typeof index.value === "string" || Number.isSafeInteger(index.value) ? String(index.value) : null;
}

function readCall({ callee, arguments: given }: Extract<AnyNode, { type: "CallExpression" }>, depth: number): Said | null {
  const name = callee.type === "Identifier" ? callee.name : isJsonParse(callee) ? "JSON.parse" : null;
  if (name === null) return null;
  const values = given.map((one) => read(one, depth + 1));
  const all = values.filter((value) => value !== null);
  if (all.length < values.length) return null;
  const [first, second] = all;
  if (name === "path" && first?.kind === "value" && second?.kind === "literal" && typeof second.value === "string" && second.value !== "")
    return { ...first, steps: [...first.steps, ...second.value.split(".")] };
  if (name === "convert" && first && second?.kind === "literal") return { kind: "convert", value: first, type: String(second.value) };
  if (name === "JSON.parse" && first?.kind === "literal" && typeof first.value === "string")
    return { kind: "literal", value: JSON.parse(first.value) as Json };
  return { kind: "call", name, given: all };
}

function isJsonParse(callee: AnyNode): boolean {
  if (callee.type !== "MemberExpression" || callee.computed) return false;
  const { object, property } = callee;
  return object.type === "Identifier" && object.name === "JSON" && property.type === "Identifier" && property.name === "parse";
}

function readDefault({ operator, left, right }: Extract<AnyNode, { type: "LogicalExpression" }>, depth: number): Said | null {
  const value = read(left, depth + 1);
  return value && operator === "??" && right.type === "Literal" && right.value === "" ? { kind: "text", value } : null;
}

function readMinus({ operator, argument }: Extract<AnyNode, { type: "UnaryExpression" }>, depth: number): Said | null {
  const value = operator === "-" ? read(argument, depth + 1) : null;
  return value?.kind === "literal" && typeof value.value === "number" ? { kind: "literal", value: -value.value } : null;
}

function readList(elements: readonly (AnyNode | null)[], depth: number): Said | null {
  const values = elements.map((element) => (element === null ? null : read(element, depth + 1)));
  const literals = values.flatMap((value) => (value?.kind === "literal" ? [value.value] : []));
  return literals.length === elements.length ? { kind: "literal", value: literals } : null;
}

function readObject(properties: readonly AnyNode[], depth: number): Said | null {
  const members = properties.map((property): readonly [string, Said] | null => {
    if (property.type !== "Property" || property.computed) return null;
    const value = read(property.value, depth + 1);
    const name =
      property.key.type === "Identifier" ? property.key.name : property.key.type === "Literal" ? String(property.key.value) : null;
    return value && name !== null ? [name, value] : null;
  });
  const all = members.filter((member) => member !== null);
  if (all.length < members.length) return null;
  const literals = all.flatMap(([name, value]) => (value.kind === "literal" ? [[name, value.value] as const] : []));
  return literals.length === all.length ? { kind: "literal", value: record(literals) } : { kind: "object", members: all };
}
