import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Which server serves a data directory: written while one listens, for the commands on the same machine. */
export interface ServerFile {
  readonly url: string;
  readonly pid: number;
  /** Epoch ms. */
  readonly startedAt: number;
}

const NAME = "server.json";

/** Replaced as a whole: no reader sees half a file. */
export function writeServerFile(dataDir: string, server: ServerFile): void {
  const file = join(dataDir, NAME);
  // Processes that share a database may have the same folder, and start at once.
  const whole = `${file}.${server.pid}`;
  writeFileSync(whole, `${JSON.stringify(server)}\n`);
  renameSync(whole, file);
}

/** Of this process: another one may have written its own meanwhile. */
export function removeServerFile(dataDir: string): void {
  if (readServerFile(dataDir)?.pid === process.pid) rmSync(join(dataDir, NAME), { force: true });
}

/** null: no server listens there. One that was killed leaves its file behind, which says nothing then. */
export function readServerFile(dataDir: string): ServerFile | null {
  try {
    const { url, pid, startedAt } = JSON.parse(readFileSync(join(dataDir, NAME), "utf8")) as Partial<ServerFile>;
    const whole = typeof url === "string" && typeof pid === "number" && typeof startedAt === "number";
    return whole && isAlive(pid) ? { url, pid, startedAt } : null;
  } catch {
    // No file, or none that can be read: the same as no server.
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process cannot be signalled, and lives.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
