import ts from "typescript";
import { scanEvaluation } from "./evaluation.ts";
import { scanGlobal } from "./globals.ts";
import { scanModule } from "./modules.ts";
import type { Finding, Purity, Report } from "./report.ts";
import { scopesOf } from "./scope.ts";

/** Scans one file by its syntax tree: names in strings, comments, types and property names are not findings. */
export function scan(fileName: string, text: string, purity: Purity): Finding[] {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const scopes = scopesOf(file);
  const findings: Finding[] = [];
  const report: Report = (node, what, why) => {
    findings.push({ line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1, what, why });
  };
  const visit = (node: ts.Node): void => {
    if (isErased(node)) return;
    scanModule(node, purity, report);
    scanEvaluation(node, report);
    if (ts.isIdentifier(node) && !scopes.isBound(node.text, node)) scanGlobal(node, purity, report);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

/** Types are gone when the program runs. `extends Base` is written as a type, but is a value. */
function isErased(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return false;
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword;
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}
