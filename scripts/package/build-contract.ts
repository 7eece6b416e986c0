import { execFile } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CONTRACT = join(ROOT, "packages/contract");
const COMPILER = join(ROOT, "node_modules/typescript7/bin/tsc");

/**
 * Makes the package `@millrace/contract` as it is published: a module and its declarations for every source, and the description of the API.
 * @param out the folder that becomes the package; what was in it is gone.
 */
export async function buildContract(out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  await promisify(execFile)(process.execPath, [COMPILER, "-p", join(CONTRACT, "tsconfig.build.json"), "--outDir", join(out, "dist")]);
  for (const file of ["openapi.json", "README.md"]) cpSync(join(CONTRACT, file), join(out, file));
  cpSync(join(ROOT, "LICENSE"), join(out, "LICENSE"));
  writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** The package's own manifest; its imports lead to what was compiled. */
function manifest(): object {
  const { name, version, description, license, type, sideEffects, engines, dependencies } = JSON.parse(
    readFileSync(join(CONTRACT, "package.json"), "utf8"),
  ) as { readonly [member: string]: unknown };
  const entry = (file: string) => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` });
  return {
    ...{ name, version, description, license, type, sideEffects, engines, dependencies },
    imports: { "#*": entry("*") },
    exports: { ".": entry("index"), "./openapi.json": "./openapi.json", "./package.json": "./package.json" },
    files: ["dist", "openapi.json"],
  };
}
