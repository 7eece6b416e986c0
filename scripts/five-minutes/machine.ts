import { spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";

/** What the project pins and a package needs. */
const NEEDED = 24;

/** Folders of PATH, without those of this repository's own packages. */
function plainPath(): readonly string[] {
  return (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "" && !folder.includes("node_modules"));
}

/** PATH of a newcomer whose Node is the one that this script runs on; npm is the machine's. */
export function newPath(): string {
  return [dirname(process.execPath), ...plainPath()].join(delimiter);
}

/** PATH and version of a Node of this machine that is older than the project needs; null: there is none. */
export function oldNode(): { readonly path: string; readonly version: string } | null {
  for (const [at, folder] of plainPath().entries()) {
    const { stdout, status } = spawnSync(`${folder}/node`, ["--version"], { encoding: "utf8" });
    if (status !== 0 || Number.parseInt(stdout.slice(1), 10) >= NEEDED) continue;
    return { path: plainPath().slice(at).join(delimiter), version: stdout.trim() };
  }
  return null;
}
