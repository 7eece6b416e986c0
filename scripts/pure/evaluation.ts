import ts from "typescript";
import type { Report } from "./report.ts";

export const EVALUATES = "evaluates a string as host code; untrusted code runs in the Sandbox";

/** These take a string in the place of a function. */
const STRING_TIMERS: ReadonlySet<string> = new Set(["setTimeout", "setInterval", "setImmediate"]);

/** Evaluation of strings by other ways than the names `eval` and `Function`; banned in every package. */
export function scanEvaluation(node: ts.Node, report: Report): void {
  if (isFunctionConstructor(node)) report(node, "the constructor of a function", EVALUATES);
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
  const name = calleeName(node.expression);
  const [first, second] = node.arguments ?? [];
  if (name === "constructor" && !isOwnClass(node.expression)) report(node, "a call of .constructor", EVALUATES);
  if (first === undefined || name === undefined) return;
  if (STRING_TIMERS.has(name) && isText(first)) report(node, `${name} with a string`, EVALUATES);
  if (name === "Worker" && second !== undefined && hasEvalOption(second)) report(node, "Worker with eval", EVALUATES);
}

/** `(async () => {}).constructor` is AsyncFunction, whatever name it is given afterwards. */
function isFunctionConstructor(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== "constructor") return false;
  let target: ts.Expression = node.expression;
  while (ts.isParenthesizedExpression(target)) target = target.expression;
  if (ts.isPropertyAccessExpression(target)) return target.getText() === "Function.prototype";
  if (ts.isCallExpression(target)) return calleeName(target.expression) === "getPrototypeOf";
  return ts.isArrowFunction(target) || ts.isFunctionExpression(target) || ts.isClassExpression(target);
}

/** `new this.constructor()` makes another one of the same class. */
function isOwnClass(callee: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword;
}

function calleeName(callee: ts.Expression): string | undefined {
  if (ts.isIdentifier(callee)) return callee.text;
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  if (ts.isElementAccessExpression(callee) && ts.isStringLiteralLike(callee.argumentExpression)) return callee.argumentExpression.text;
  return undefined;
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function hasEvalOption(options: ts.Node): boolean {
  return ts.isObjectLiteralExpression(options) && options.properties.some((member) => member.name?.getText() === "eval");
}
