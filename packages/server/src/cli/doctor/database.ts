import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Check } from "#cli/doctor/check";

/** Time for the server's own answer. */
const ANSWER_MS = 5_000;

/** A running server knows best; without one the file itself is read. */
export const checkDatabase: Check = async ({ running, settings: { dataDir } }) => {
  const file = join(dataDir, "millrace.db");
  if (running !== null) return askServer(running);
  return existsSync(file) ? readFile(file) : null;
};

async function askServer(url: string) {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (answer.ok) return null;
  const { message = `HTTP ${answer.status}` } = (await answer.json()) as { message?: string };
  return { problem: `the server is not ready: ${message}`, fix: "read its log" };
}

function readFile(file: string) {
  const fix = `restore a backup of ${file}`;
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    const [finding] = database
      .prepare("PRAGMA quick_check(1)")
      .all()
      .flatMap((row) => Object.values(row));
    // SQLite names the database in a line of its own.
    return finding === "ok" ? null : { problem: `the database is damaged: ${String(finding).replaceAll("\n", " ")}`, fix };
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_SQLITE_ERROR") throw error;
    return { problem: `the database cannot be read: ${(error as Error).message}`, fix };
  }
}
