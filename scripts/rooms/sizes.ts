import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

/** One file or function and its length in lines. */
interface Measure {
  readonly name: string;
  readonly lines: number;
}

export interface Sizes {
  readonly files: readonly Measure[];
  readonly functions: readonly Measure[];
}

const SOURCES = "packages/*/{src,bin}/**/*.{ts,tsx,js}";
const NOT_SOURCES = ["**/*.test.ts", "**/testing/**", "**/*.gen.*", "**/node_modules/**", "**/dist/**"];

export function measureSources(): Sizes {
  const paths = globSync(SOURCES, { exclude: NOT_SOURCES }).sort();
  const measured = paths.map((path) => measure(path, readFileSync(path, "utf8")));
  return { files: measured.flatMap((sizes) => sizes.files), functions: measured.flatMap((sizes) => sizes.functions) };
}

/** Functions with a body in braces; a one-expression arrow is part of the function that it stands in. */
export function measure(path: string, text: string): Sizes {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const functions: Measure[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined && ts.isBlock(node.body)) {
      functions.push({ name: `${functionName(node)} in ${path}`, lines: linesBetween(file, node.getStart(file), node.end) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { files: [{ name: path, lines: text.trimEnd().split("\n").length }], functions };
}

function functionName(node: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return "constructor";
  if (node.name !== undefined) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "a callback";
}

function linesBetween(file: ts.SourceFile, start: number, end: number): number {
  return file.getLineAndCharacterOfPosition(end).line - file.getLineAndCharacterOfPosition(start).line + 1;
}

export function describeSizes({ files, functions }: Sizes): string {
  return [
    "| Sources without tests | count | median lines | longest |",
    "|---|---|---|---|",
    `| files | ${files.length} | ${median(files)} | ${longest(files)} |`,
    `| functions | ${functions.length} | ${median(functions)} | ${longest(functions)} |`,
  ].join("\n");
}

function median(measures: readonly Measure[]): number {
  const sorted = measures.map(({ lines }) => lines).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function longest(measures: readonly Measure[]): string {
  const [first] = measures.toSorted((a, b) => b.lines - a.lines || a.name.localeCompare(b.name));
  return first === undefined ? "none" : `${first.lines}: \`${first.name}\``;
}
