import type { ExportDefaultDeclaration, ExportNamedDeclaration, Expression, Identifier, Literal, Pattern, Program } from "acorn";
import { getLineInfo, tokenizer } from "acorn";
import { CodeProblemError } from "#sandbox/program/problem";

/** How a program is entered. */
export type Entry =
  /** A function that the source declares; `name` is in scope at its end. */
  | { readonly form: "main"; readonly name: string }
  /** `module.exports` holds it, or holds an object with it. */
  | { readonly form: "exports" }
  /** The source is the body of a function. */
  | { readonly form: "body" };

/** A replacement of `[start, end)` of the source; line feeds inside are kept. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface EntryAndEdits {
  readonly entry: Entry;
  readonly edits: readonly Edit[];
}

/** The name that an unnamed default export gets. */
const DEFAULT_NAME = "$millraceDefault";

type Statement = Program["body"][number];

/** Finds `main` among the declarations and exports at the top level. Throws `CodeProblemError` for imports. */
export function findEntry(tree: Program, source: string): EntryAndEdits {
  const edits: Edit[] = [];
  let name: string | undefined;
  let assigned = false;
  for (const statement of tree.body) {
    const exported = exportedMain(statement, source, edits);
    name = exported ?? name ?? declaredMain(statement);
    assigned ||= assignsExports(statement);
  }
  if (name !== undefined) return { entry: { form: "main", name }, edits };
  return { entry: { form: assigned ? "exports" : "body" }, edits };
}

/** Removes what makes a statement an export, and answers the local name of an exported `main` or default. */
function exportedMain(statement: Statement, source: string, edits: Edit[]): string | undefined {
  switch (statement.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
      throw noImport(statement, source);
    case "ExportNamedDeclaration":
      return namedExport(statement, source, edits);
    case "ExportDefaultDeclaration":
      return defaultExport(statement, source, edits);
    default:
      return undefined;
  }
}

function namedExport(node: ExportNamedDeclaration, source: string, edits: Edit[]): string | undefined {
  if (node.source) throw noImport(node, source);
  if (node.declaration) {
    edits.push({ start: node.start, end: node.start + "export".length, text: "" });
    return declaredMain(node.declaration);
  }
  edits.push({ start: node.start, end: node.end, text: ";" });
  const main = node.specifiers.find(({ exported }) => ["main", "default"].includes(nameOf(exported)));
  return main && nameOf(main.local);
}

function nameOf(node: Identifier | Literal): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}

function defaultExport(node: ExportDefaultDeclaration, source: string, edits: Edit[]): string {
  const { declaration } = node;
  const end = endOfExportDefault(node, source);
  const isDeclaration = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
  if (isDeclaration && declaration.id) {
    edits.push({ start: node.start, end, text: "" });
    return declaration.id.name;
  }
  edits.push({ start: node.start, end, text: `const ${DEFAULT_NAME}=` });
  // Without the semicolon a following line that starts with a bracket would call the function.
  edits.push({ start: node.end, end: node.end, text: ";" });
  return DEFAULT_NAME;
}

/** The end of the second word; comments and line feeds may stand between the two. */
function endOfExportDefault(node: ExportDefaultDeclaration, source: string): number {
  const tokens = tokenizer(source.slice(node.start), { ecmaVersion: "latest" });
  tokens.getToken();
  return node.start + tokens.getToken().end;
}

function declaredMain(statement: Statement | NonNullable<ExportNamedDeclaration["declaration"]>): string | undefined {
  if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration")
    return statement.id?.name === "main" ? "main" : undefined;
  if (statement.type !== "VariableDeclaration") return undefined;
  return statement.declarations.some(({ id }) => bindsMain(id)) ? "main" : undefined;
}

function bindsMain(pattern: Pattern): boolean {
  switch (pattern.type) {
    case "Identifier":
      return pattern.name === "main";
    case "ObjectPattern":
      return pattern.properties.some((member) => bindsMain(member.type === "RestElement" ? member.argument : member.value));
    case "ArrayPattern":
      return pattern.elements.some((element) => element !== null && bindsMain(element));
    case "AssignmentPattern":
      return bindsMain(pattern.left);
    case "RestElement":
      return bindsMain(pattern.argument);
    default:
      return false;
  }
}

/** `module.exports = …`, `module.exports.main = …`, `exports.main = …` */
function assignsExports(statement: Statement): boolean {
  if (statement.type !== "ExpressionStatement" || statement.expression.type !== "AssignmentExpression") return false;
  const target = pathOf(statement.expression.left);
  return target === "module.exports" || target === "module.exports.main" || target === "exports.main";
}

function pathOf(node: Pattern | Expression | { readonly type: string }): string | undefined {
  if (node.type === "Identifier" && "name" in node) return node.name;
  if (node.type !== "MemberExpression" || !("object" in node) || node.computed || node.property.type !== "Identifier") return undefined;
  const object = pathOf(node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}

function noImport(node: Statement, source: string): CodeProblemError {
  const { line, column } = getLineInfo(source, node.start);
  return new CodeProblemError({ message: "code cannot import: the sandbox has no modules", line, column: column + 1 });
}
