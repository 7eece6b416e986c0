import { isBuiltin } from "node:module";
import ts from "typescript";
import { EVALUATES } from "./evaluation.ts";
import type { Purity, Report } from "./report.ts";

/** Modules that evaluate a string as host code; banned in every package. */
const EVALUATING_MODULES: ReadonlySet<string> = new Set(["vm", "node:vm", "vm2"]);

export function scanModule(node: ts.Node, purity: Purity, report: Report): void {
  const specifier = moduleSpecifier(node);
  if (specifier === undefined) return;
  if (!ts.isStringLiteralLike(specifier)) {
    if (purity === "pure") report(node, "import of a computed name", "names no module that can be checked");
    return;
  }
  const name = specifier.text;
  if (EVALUATING_MODULES.has(name)) report(node, `import "${name}"`, EVALUATES);
  else if (name.startsWith("data:")) report(node, 'import "data:…"', EVALUATES);
  else if (purity === "pure" && isHostModule(name)) report(node, `import "${name}"`, "is the host; take a capability of the kit");
}

function isHostModule(name: string): boolean {
  return isBuiltin(name) || name === "undici";
}

function moduleSpecifier(node: ts.Node): ts.Expression | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isCallExpression(node) && loadsModule(node.expression)) return node.arguments[0];
  return undefined;
}

function loadsModule(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === "require";
  return ts.isPropertyAccessExpression(callee) && callee.name.text === "getBuiltinModule";
}
