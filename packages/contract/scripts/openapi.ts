import { readFileSync, writeFileSync } from "node:fs";
import { openApiDocument } from "#openapi";

/** Prints the OpenAPI document of this version; `--write` puts it into openapi.json, the golden file. */
const packageFile: { version: string } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const text = `${JSON.stringify(openApiDocument({ version: packageFile.version }), null, 2)}\n`;

if (process.argv.includes("--write")) writeFileSync(new URL("../openapi.json", import.meta.url), text);
else process.stdout.write(text);
