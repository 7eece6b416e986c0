// Every block of code in the documents: what can run is run, what cannot is marked `no-run` and still checked as far as it goes.
// `node scripts/check-doc-blocks.ts docs/recipes.md` checks the named pages only.
import { globSync, readFileSync } from "node:fs";
import { type Block, blocksOf, type Finding, fileOf, indentedBlocks } from "./docs/blocks.ts";
import { checkCommands } from "./docs/check-commands.ts";
import { checkJson, checkYaml } from "./docs/check-data.ts";
import { checkTypes } from "./docs/check-types.ts";
import { runShell } from "./docs/run-shell.ts";

const PAGES = "{*.md,{deploy,docs,examples}/**/*.md,packages/*/README.md,packages/{engine,nodes}/src/**/README.md}";

/** Nobody can check these by running them. */
const PLAIN: ReadonlySet<string> = new Set(["text", "http", "mermaid", "python"]);

/** Pages that run at once. */
const AT_ONCE = 2;

const named = process.argv.slice(2);
const paths = named.length > 0 ? named : globSync(PAGES, { exclude: ["**/node_modules/**", "**/dist/**"] }).sort();
const texts = paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(path, "utf8")] as const);
const blocks = texts.flatMap(([page, text]) => blocksOf(page, text));
const findings = [
  ...texts.flatMap(([page, text]) => indentedBlocks(page, text)),
  ...blocks.flatMap(checkStill),
  ...(await Promise.all(blocks.filter(isShell).map(checkCommands))).flat(),
  ...checkTypes(blocks.filter(({ language, marks }) => language === "ts" && !marks.has("no-run"))),
  ...(await runPages()),
];
for (const { page, line, message } of findings) console.error(`${page}:${line}: ${message}`);
const ran = blocks.filter(isRun).length;
console.log(`${blocks.length} blocks on ${texts.length} pages, ${ran} of them run, ${findings.length} problems`);
if (findings.length > 0) process.exitCode = 1;

function isShell({ language }: Block): boolean {
  return language === "sh";
}

function isRun(block: Block): boolean {
  return isShell(block) && !block.marks.has("no-run");
}

/** What needs nothing but the block. */
function checkStill(block: Block): readonly Finding[] {
  const { page, line, language, marks } = block;
  if (isShell(block) || language === "ts" || PLAIN.has(language)) return [];
  if (language === "json") return marks.has("no-run") ? [] : checkJson(block);
  if (language === "yaml") return marks.has("no-run") ? [] : checkYaml(block);
  return [
    { page, line: line - 1, message: language === "" ? "a block without a language" : `a block of "${language}", which nothing checks` },
  ];
}

async function runPages(): Promise<readonly Finding[]> {
  const waiting = [...Map.groupBy(blocks.filter(isRun), ({ page }) => page)];
  const files = Map.groupBy(
    blocks.filter((block) => fileOf(block) !== undefined),
    ({ page }) => page,
  );
  const found: Finding[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      found.push(...(await runShell(...next, files.get(next[0]))));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}
