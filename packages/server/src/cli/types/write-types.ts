import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { checkFiles } from "#cli/check/check-files";
import { checkOptions } from "#cli/check/check-options";
import { invalidFiles } from "#cli/check/refuse-files";
import { wordsFor } from "#cli/check/words";
import type { CliContext } from "#cli/context";
import { serverSettings } from "#cli/server-settings";
import { typesText } from "#cli/types/types-text";

/** Where the types of a project lie. */
export const TYPES_FILE = "millrace.d.ts";

export interface ProjectTypes {
  readonly text: string;
  /** Names of the workflows. */
  readonly workflows: readonly string[];
}

/** The types of the workflows in these files. Throws where one of them cannot be read. */
export async function projectTypes(context: CliContext, paths: readonly string[]): Promise<ProjectTypes> {
  const options = checkOptions(serverSettings(context).settings.egressAllow, await wordsFor(context));
  const checked = await checkFiles(context.cwd, paths, options);
  const unreadable = checked.filter(({ document }) => document === null);
  if (unreadable.length > 0) throw invalidFiles(unreadable.flatMap(({ problems }) => problems));
  const documents = checked.flatMap(({ document }) => (document === null ? [] : [document]));
  return { text: typesText(documents), workflows: documents.map(({ name }) => String(name)).sort() };
}

/** null: there is no such file. */
export async function readIfThere(cwd: string, path: string): Promise<string | null> {
  try {
    return await readFile(resolve(cwd, path), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
