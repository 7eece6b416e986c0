// Writes the reference pages of docs/ from what the code says of itself. `--check`: writes nothing, and fails where a page is another one.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cliPage } from "./docs/cli-page.ts";
import { expressionsPage } from "./docs/expressions-page.ts";
import { formatPage } from "./docs/format-page.ts";

const PAGES = [
  { path: "docs/cli.md", text: cliPage() },
  { path: "docs/expressions.md", text: expressionsPage() },
  { path: "docs/workflow-format.md", text: formatPage() },
];

if (process.argv.includes("--check")) {
  const stale = PAGES.filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text);
  for (const { path } of stale) console.error(`${path} is stale: run node scripts/gen-docs.ts`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const { path, text } of PAGES) writeFileSync(path, text);
}
