import { globSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { createSourceFile, forEachChild, type Node, ScriptTarget, SyntaxKind } from "typescript";

/** A regular expression as the sources have it. */
export interface Literal {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

const ROOT = new URL("../../../", import.meta.url).pathname;

/** Every regular-expression literal of what is shipped that repeats anything: one that does not takes no longer than it is. */
export function ownLiterals(): Literal[] {
  const files = globSync("packages/*/src/**/*.ts", { cwd: ROOT }).filter((file) => !/\.test\.ts$|\/testing\//.test(file));
  return files.toSorted().flatMap((file) => literalsOf(file, readFileSync(`${ROOT}${file}`, "utf8")));
}

function literalsOf(file: string, text: string): Literal[] {
  const tree = createSourceFile(file, text, ScriptTarget.Latest);
  const found: Literal[] = [];
  const visit = (node: Node): void => {
    if (node.kind === SyntaxKind.RegularExpressionLiteral) {
      const literal = text.slice(node.getStart(tree), node.end);
      const line = tree.getLineAndCharacterOfPosition(node.end).line + 1;
      const end = literal.lastIndexOf("/");
      const source = literal.slice(1, end);
      if (/[*+]|,\}/.test(source)) found.push({ place: `${file}:${line}`, source, flags: literal.slice(end + 1) });
    }
    forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Stands for what a class may hold. */
const REPRESENTATIVES = ["a", "0", " ", "-", ".", "\n"];
const SUFFIXES = ["", "\u0000"];
const MOST_CHARACTERS = 11;

/** What a text repeats and how it ends: every character of the pattern, and every two. */
function* attacksOn(source: string): Generator<{ pump: string; suffix: string }> {
  const own = source.replace(/\\[a-zA-Z]/g, "").match(/[^\\^$.*+?()[\]{}|]/g) ?? [];
  const characters = [...new Set([...REPRESENTATIVES, ...own])].slice(0, MOST_CHARACTERS);
  const pumps = characters.flatMap((one) => [one, ...characters.filter((other) => other !== one).map((other) => one + other)]);
  for (const pump of pumps) for (const suffix of SUFFIXES) yield { pump, suffix };
}

/** Grows slowly while a search may double its time with a character, then fast: what is slow is found before it takes for ever. */
const LENGTHS = [8, 12, 15, 18, 21, 24, 27, 30, 33, 37, 41, 46, 52, 60, 70, 80, 100, 400, 1_600, 6_400, 20_000];

/** A linear search of so many characters takes less than one; one that is not, 200 and more. */
const LIMIT_MS = 60;

/** The attack that the literal takes too long over, twice; null: none of them. */
export function slowAttack({ source, flags }: Pick<Literal, "source" | "flags">): string | null {
  const pattern = new RegExp(source, flags);
  const isSlow = (text: string): boolean => {
    const began = performance.now();
    pattern.lastIndex = 0;
    pattern.exec(text);
    return performance.now() - began > LIMIT_MS;
  };
  for (const { pump, suffix } of attacksOn(source))
    for (const length of LENGTHS) {
      const text = pump.repeat(length / pump.length) + suffix;
      if (isSlow(text) && isSlow(text)) return JSON.stringify(text.slice(0, 4));
    }
  return null;
}
