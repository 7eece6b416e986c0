import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SERVER = join(ROOT, "packages/server");

/** What the package has beside its manifest; all of it is there once the server is built. */
const PARTS = ["bin", "dist", "examples"];

/**
 * Makes the package `millrace` as it is published, of the server that is built: everything that it needs is in its bundle, so it has no
 * dependencies, and nothing runs when it is installed.
 * @param out the folder that becomes the package; what was in it is gone.
 */
export function buildPackage(out: string): void {
  rmSync(out, { recursive: true, force: true });
  for (const part of PARTS) cpSync(join(SERVER, part), join(out, part), { recursive: true });
  cpSync(join(SERVER, "README.md"), join(out, "README.md"));
  cpSync(join(ROOT, "LICENSE"), join(out, "LICENSE"));
  writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
}

function manifest(): object {
  const { name, version, description, license, engines, type, bin } = JSON.parse(readFileSync(join(SERVER, "package.json"), "utf8")) as {
    readonly [member: string]: unknown;
  };
  return { name, version, description, license, type, engines, bin, files: PARTS };
}
