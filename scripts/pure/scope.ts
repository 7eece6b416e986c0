import ts from "typescript";

/** Answers whether a name is bound in the file at a place, as opposed to being a global of the host. */
export interface Scopes {
  isBound(name: string, at: ts.Node): boolean;
}

export function scopesOf(file: ts.SourceFile): Scopes {
  const names = new Map<ts.Node, Set<string>>();
  const visit = (node: ts.Node): void => {
    // `declare const process` binds nothing: the host's global stands behind it.
    if (isAmbient(node)) return;
    const name = boundName(node);
    if (name !== undefined) add(names, scopeOfName(node), name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return {
    isBound(name, at) {
      for (let node = at; node !== undefined; node = node.parent) {
        if (names.get(node)?.has(name) === true) return true;
      }
      return false;
    },
  };
}

function add(names: Map<ts.Node, Set<string>>, scope: ts.Node, name: string): void {
  const bound = names.get(scope);
  if (bound === undefined) names.set(scope, new Set([name]));
  else bound.add(name);
}

function isAmbient(node: ts.Node): boolean {
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) === true;
}

function boundName(node: ts.Node): string | undefined {
  if (!isBinding(node) || node.name === undefined || !ts.isIdentifier(node.name)) return undefined;
  return node.name.text;
}

function isBinding(node: ts.Node): node is ts.Node & { readonly name?: ts.Node } {
  return (
    ts.isImportClause(node) ||
    ts.isImportSpecifier(node) ||
    ts.isNamespaceImport(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isBindingElement(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassLike(node)
  );
}

function scopeOfName(node: ts.Node): ts.Node {
  // The name of a function or class expression is visible inside it only.
  let scope = ts.isFunctionExpression(node) || ts.isClassExpression(node) ? node : node.parent;
  while (!isScope(scope)) scope = scope.parent;
  return scope;
}

function isScope(node: ts.Node): boolean {
  return (
    ts.isSourceFile(node) ||
    ts.isBlock(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isCatchClause(node) ||
    ts.isCaseBlock(node) ||
    ts.isIterationStatement(node, false)
  );
}
