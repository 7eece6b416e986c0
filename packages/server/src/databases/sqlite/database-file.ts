import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { TerminalError } from "@millrace/engine";

/** The file that a connection names, below the operator's directory whatever links there are. TerminalError database_denied, missing_reference. */
export async function databaseFile(url: string, directory: string | null): Promise<string> {
  const name = decodeURIComponent(new URL(url).pathname);
  if (directory === null)
    throw new TerminalError(
      "database_denied",
      "This server opens no SQLite files: MILLRACE_SQLITE_DIR names the directory that they lie in.",
    );
  const missing = new TerminalError(
    "missing_reference",
    `There is no SQLite file ${name} in the directory that MILLRACE_SQLITE_DIR names.`,
  );
  const [root, file] = await Promise.all([realpath(directory), realpath(join(directory, name))]).catch(() => {
    throw missing;
  });
  if (!file.startsWith(root + sep))
    throw new TerminalError("database_denied", `The file ${name} is not in the directory that MILLRACE_SQLITE_DIR names.`);
  if (!(await stat(file)).isFile()) throw missing;
  return file;
}
