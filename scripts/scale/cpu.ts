import { readdirSync, readFileSync } from "node:fs";

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** Time of processors that a process, its children and those of them that have ended have used, ms. */
export function cpuMsOfTree(root: number): number {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  return all.filter(({ pid, parent }) => pid === root || parent === root).reduce((sum, { ms }) => sum + ms, 0);
}

function statOf(pid: number): { pid: number; parent: number; ms: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in brackets, may have anything in it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // User and system time, its own and that of children that have ended.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), ms: ticks * TICK_MS };
  } catch {
    // It has ended meanwhile.
    return null;
  }
}
