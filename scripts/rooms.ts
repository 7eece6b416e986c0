// The rooms as they are: a Mermaid graph of the real imports, and the sizes of files and functions.
// `npm run rooms:draw` prints it; `-- --write` puts it into ARCHITECTURE.md between its markers, `-- --check` compares.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { drawRooms } from "./rooms/graph.ts";
import { readImports } from "./rooms/imports.ts";
import { replaceSection } from "./rooms/section.ts";
import { describeSizes, measureSources } from "./rooms/sizes.ts";

const DOCUMENT = "ARCHITECTURE.md";

const drawing = `${drawRooms(readImports())}\n\n${describeSizes(measureSources())}`;
const mode = process.argv[2];
if (mode === undefined) console.log(drawing);
else if (mode === "--write") writeFileSync(DOCUMENT, redrawn());
else if (mode === "--check") check();
else throw new Error(`unknown option ${mode}; known are --write and --check`);

function redrawn(): string {
  if (!existsSync(DOCUMENT)) throw new Error(`${DOCUMENT} is missing`);
  return replaceSection(readFileSync(DOCUMENT, "utf8"), drawing);
}

function check(): void {
  if (redrawn() === readFileSync(DOCUMENT, "utf8")) return;
  console.error(`${DOCUMENT} does not show the rooms as they are: run \`npm run rooms:draw -- --write\``);
  process.exitCode = 1;
}
