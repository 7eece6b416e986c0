import { globSync, readFileSync } from "node:fs";
import vm from "node:vm";
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
const PUMPED = 20_000;
const MOST_CHARACTERS = 11;

/** What the parts of a pattern can be made to repeat: every character of it, and every two. */
function* attacksOn(source: string): Generator<string> {
  const own = source.replace(/\\[a-zA-Z]/g, "").match(/[^\\^$.*+?()[\]{}|]/g) ?? [];
  const characters = [...new Set([...REPRESENTATIVES, ...own])].slice(0, MOST_CHARACTERS);
  const pumps = characters.flatMap((one) => [one, ...characters.filter((other) => other !== one).map((other) => one + other)]);
  for (const pump of pumps) for (const suffix of SUFFIXES) yield pump.repeat(PUMPED / pump.length) + suffix;
}

/** A linear search of so many characters takes less than one; one that is not, 200 and more. */
const LIMIT_MS = 60;

/** The attack that the literal takes too long over, twice; null: none of them. */
export function slowAttack({ source, flags }: Pick<Literal, "source" | "flags">): string | null {
  const context = vm.createContext({ text: "" });
  const search = new vm.Script(`new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)}).exec(text)`);
  const isSlow = (): boolean => {
    try {
      search.runInContext(context, { timeout: LIMIT_MS });
      return false;
    } catch (thrown) {
      if ((thrown as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return true;
      throw thrown;
    }
  };
  for (const text of attacksOn(source)) {
    context["text"] = text;
    if (isSlow() && isSlow()) return JSON.stringify(text.slice(0, 4));
  }
  return null;
}
