import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleServer } from "../../build/bundle-server.ts";
import { SERVER } from "./server-process.ts";

const MODULES = new URL("../../../node_modules", import.meta.url).pathname;

/** A bug put into a copy of a package: `from` stands once in the file, and `to` is wrong. */
export interface PlantedBug {
  readonly name: string;
  /** In the package's src. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A copy of the package in `folder`, with these bugs in it, and with its tests where they are to be run; answers where it lies. */
function plant(original: string, bugs: readonly PlantedBug[], folder: string, { tests = false } = {}): string {
  const copy = join(folder, "package");
  mkdirSync(copy);
  for (const one of ["package.json", "bin"])
    if (existsSync(join(original, one))) cpSync(join(original, one), join(copy, one), { recursive: true });
  cpSync(join(original, "src"), join(copy, "src"), { recursive: true, filter: (path) => tests || !path.endsWith(".test.ts") });
  if (tests) cpSync(join(original, "test"), join(copy, "test"), { recursive: true });
  symlinkSync(MODULES, join(folder, "node_modules"));
  for (const bug of bugs) change(bug, join(copy, "src", bug.file));
  return copy;
}

/** A copy of the server, bundled as it is published: it starts in half of the time. */
export async function plantServer(bugs: readonly PlantedBug[], folder: string): Promise<string> {
  const copy = plant(SERVER, bugs, folder);
  await bundleServer(copy, join(copy, "dist"));
  return copy;
}

/** A copy of the package with the bug in it, for as long as `use` takes. */
export function withPlanted<T>(bug: PlantedBug, original: string, use: (copy: string) => Promise<T>): Promise<T> {
  return inFolder((folder) => use(plant(original, [bug], folder)));
}

/** A copy of the server with the bugs in it, to be started, for as long as `use` takes. */
export function withPlantedServer<T>(bugs: readonly PlantedBug[], use: (copy: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => use(await plantServer(bugs, folder)));
}

/** A copy of the server with the bugs in it, and with the server's own tests, for as long as `use` takes. */
export function withPlantedTests<T>(bugs: readonly PlantedBug[], use: (copy: string) => Promise<T>): Promise<T> {
  return inFolder((folder) => use(plant(SERVER, bugs, folder, { tests: true })));
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-planted-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function change({ name, file, from, to }: PlantedBug, path: string): void {
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2) throw new Error(`"${name}" no longer fits ${file}: its place is there ${parts.length - 1} times`);
  writeFileSync(path, parts.join(to));
}
