import type { Json, WorkflowNode } from "@millrace/contract";
import { type AnyNode, type Expression, parseExpressionAt } from "acorn";

/** Members of a native node whose strings are never templates. */
const LITERAL: ReadonlySet<string> = new Set([
  "id",
  "type",
  "name",
  "note",
  "flow",
  "input",
  "code",
  "language",
  "wrap",
  "delimiters",
  "sql",
]);

/** Every expression in a node's config and envelope, the nodes of its body excepted. Throws where a string is no template. */
export function expressionsOf(node: WorkflowNode): readonly Expression[] {
  return Object.entries(node).flatMap(([name, value]) =>
    LITERAL.has(name) || name === "body" ? [] : stringsOf(value as Json).flatMap(parseAll),
  );
}

function stringsOf(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

/** Reads `{{ … }}` from left to right; `\{{` is text. */
function parseAll(text: string): readonly Expression[] {
  const found: Expression[] = [];
  for (let open = text.indexOf("{{"); open >= 0; ) {
    let next = open + 2;
    if (text[open - 1] !== "\\") {
      const expression = parseExpressionAt(text, next, { ecmaVersion: "latest" });
      const close = /^\s*\}\}/.exec(text.slice(expression.end));
      if (!close) throw new SyntaxError(`no end: ${text.slice(open, open + 200)}`);
      found.push(expression);
      next = expression.end + close[0].length;
    }
    open = text.indexOf("{{", next);
  }
  return found;
}

/** Names at the root of references: no functions that are called, no parameters, no members. */
export function rootsOf(expression: Expression): ReadonlySet<string> {
  const roots = new Set<string>();
  collect(expression, new Set(), roots);
  return roots;
}

function collect(node: AnyNode, params: ReadonlySet<string>, roots: Set<string>): void {
  switch (node.type) {
    case "Identifier":
      if (!params.has(node.name)) roots.add(node.name);
      return;
    case "MemberExpression":
      collect(node.object, params, roots);
      if (node.computed) collect(node.property, params, roots);
      return;
    case "CallExpression":
      if (node.callee.type === "MemberExpression" && !isNamespace(node.callee.object)) collect(node.callee, params, roots);
      for (const argument of node.arguments) collect(argument, params, roots);
      return;
    case "ArrowFunctionExpression":
      collect(node.body, new Set([...params, ...node.params.flatMap((param) => (param.type === "Identifier" ? [param.name] : []))]), roots);
      return;
    case "ObjectExpression":
      for (const property of node.properties) if (property.type === "Property") collect(property.value, params, roots);
      return;
    case "ConditionalExpression":
      for (const part of [node.test, node.consequent, node.alternate]) collect(part, params, roots);
      return;
    case "BinaryExpression":
    case "LogicalExpression":
      for (const part of [node.left, node.right]) collect(part, params, roots);
      return;
    case "UnaryExpression":
      collect(node.argument, params, roots);
      return;
    case "ParenthesizedExpression":
      collect(node.expression, params, roots);
      return;
    case "Literal":
      return;
    default:
      throw new SyntaxError(`import writes no ${node.type}`);
  }
}

function isNamespace(node: AnyNode): boolean {
  return node.type === "Identifier" && (node.name === "JSON" || node.name === "Math");
}
