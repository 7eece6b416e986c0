import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MODULES = new URL("../../../node_modules", import.meta.url).pathname;

/** A bug put into a copy of a package: `from` stands once in the file, and `to` is wrong. */
export interface PlantedBug {
  readonly name: string;
  /** In the package's src. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A copy of the package with the bug in it, for as long as `use` takes. */
export async function withPlanted<T>(
  { name, file, from, to }: PlantedBug,
  original: string,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-planted-"));
  const copy = join(folder, "package");
  try {
    mkdirSync(copy);
    cpSync(join(original, "package.json"), join(copy, "package.json"));
    cpSync(join(original, "src"), join(copy, "src"), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
    symlinkSync(MODULES, join(folder, "node_modules"));
    const path = join(copy, "src", file);
    const parts = readFileSync(path, "utf8").split(from);
    if (parts.length !== 2) throw new Error(`"${name}" no longer fits ${file}: its place is there ${parts.length - 1} times`);
    writeFileSync(path, parts.join(to));
    return await use(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
