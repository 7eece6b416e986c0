import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why no file system can be mounted here; null: one can. */
export function smallDiskProblem(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "millrace-small-disk-"));
  try {
    mount(1, folder);
    run("umount", folder);
    return null;
  } catch (thrown) {
    return `no tmpfs can be mounted: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file system of its own in memory, for as long as `use` takes. */
export async function withSmallDisk<T>(mebibytes: number, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-small-disk-"));
  mount(mebibytes, folder);
  try {
    return await use(folder);
  } finally {
    run("umount", folder);
    rmSync(folder, { recursive: true });
  }
}

function mount(mebibytes: number, folder: string): void {
  run("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", folder);
}

function run(program: string, ...args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (error || status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.trim()}`);
}
