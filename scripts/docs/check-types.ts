import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Block, Finding } from "./blocks.ts";

/** Inside of node_modules, so that packages are found as in a project; nothing else looks there. */
const SCRATCH = "node_modules/.cache";

interface Line {
  readonly text: string;
  readonly page: string;
  readonly line: number;
}

/** Type errors of TypeScript blocks. Those of one page are one program: a block sees what stands in the ones before it. */
export function checkTypes(blocks: readonly Block[]): readonly Finding[] {
  if (blocks.length === 0) return [];
  mkdirSync(SCRATCH, { recursive: true });
  const folder = mkdtempSync(join(SCRATCH, "doc-types-"));
  try {
    const programs = [...Map.groupBy(blocks, ({ page }) => page).values()].map(programOf);
    for (const [at, lines] of programs.entries()) writeFileSync(join(folder, `${at}.ts`), lines.map(({ text }) => text).join("\n"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configFor(programs.length)));
    const { stdout } = spawnSync(process.execPath, ["node_modules/typescript7/bin/tsc", "-p", folder, "--pretty", "false"], {
      encoding: "utf8",
    });
    return stdout.split("\n").flatMap((said) => findingOf(said, programs));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configFor(count: number): object {
  return {
    extends: "../../../tsconfig.base.json",
    compilerOptions: { types: ["node"], noUnusedLocals: false, noUnusedParameters: false },
    files: Array.from({ length: count }, (_, at) => `${at}.ts`),
  };
}

/** Imports and declarations of modules first, each name once; then the blocks, each within the one before. */
function programOf(blocks: readonly Block[]): readonly Line[] {
  const top: Line[] = [];
  const inner: Line[] = [];
  const imported = new Set<string>();
  for (const block of blocks) {
    if (/^declare module /m.test(block.text)) top.push(...linesOf(block, block.text));
    else inner.push({ text: "{", page: block.page, line: block.line }, ...linesOf(block, block.text.replace(IMPORT, "")));
    for (const [, names = "", module = ""] of block.text.matchAll(IMPORT)) {
      for (const name of names.split(",").map((one) => one.trim())) {
        if (name === "" || imported.has(`${name} ${module}`)) continue;
        imported.add(`${name} ${module}`);
        top.push({ text: `import { ${name} } from "${module}";`, page: block.page, line: block.line });
      }
    }
  }
  const { page = "", line = 0 } = blocks.at(-1) ?? {};
  const closing = inner.filter(({ text }) => text === "{").map(() => ({ text: "}", page, line }));
  return [...top, ...inner, ...closing, { text: "export {};", page, line }];
}

/** Keeps its line breaks behind it, so that lines keep their numbers. */
const IMPORT = /^import \{([^}]*)\} from "([^"]+)";/gm;

function linesOf({ page, line }: Block, text: string): readonly Line[] {
  return text.split("\n").map((source, at) => ({ text: source, page, line: line + at }));
}

function findingOf(said: string, programs: readonly (readonly Line[])[]): readonly Finding[] {
  const [, path = "", at = "", message = ""] = /^(.+\.ts)\((\d+),\d+\): error (.*)$/.exec(said) ?? [];
  const place = programs[Number.parseInt(basename(path), 10)]?.[Number(at) - 1];
  if (place) return [{ page: place.page, line: place.line, message }];
  return message === "" ? [] : [{ page: path, line: Number(at), message }];
}
