import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A change to a copy of a package: `from` stands once in the file, and `to` takes its place. */
export interface PlantedBug {
  readonly name: string;
  readonly package: "engine" | "server";
  /** In the package's sources. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const ROOT = new URL("../../../", import.meta.url).pathname;

/** What a package runs from, besides its sources. */
const BESIDE = { engine: ["package.json"], server: ["package.json", "bin"] } as const;

export function sourceOf({ package: name, file }: Pick<PlantedBug, "package" | "file">): string {
  return join(ROOT, "packages", name, "src", file);
}

/** A copy of the package in `folder` with these changes in it; answers where it lies. */
export function plant(name: PlantedBug["package"], bugs: readonly PlantedBug[], folder: string): string {
  const original = join(ROOT, "packages", name);
  const copy = join(folder, name);
  mkdirSync(copy, { recursive: true });
  for (const one of BESIDE[name]) cpSync(join(original, one), join(copy, one), { recursive: true });
  cpSync(join(original, "src"), join(copy, "src"), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const bug of bugs) change(bug, join(copy, "src", bug.file));
  return copy;
}

function change({ name, file, from, to }: PlantedBug, path: string): void {
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2) throw new Error(`"${name}" no longer fits ${file}: its place is there ${parts.length - 1} times`);
  writeFileSync(path, parts.join(to));
}
