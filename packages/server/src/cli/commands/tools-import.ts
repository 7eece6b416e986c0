import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ImportedTools, ImportToolsBody } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import { collectionRow } from "#cli/collection-row";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { readStdin } from "#cli/stdin";

export const run: Action = async (context, given) => {
  const [name, file] = [given.argument(0), given.argument(1)];
  const body: ImportToolsBody = { connection: given.text("connection") ?? name, document: await read(context, file) };
  const { json } = await call(context, "PUT", `/api/v1/tools/${segment(name)}`, { body });
  const imported = json as ImportedTools;
  for (const { operation, reason } of imported.skipped) context.output.note(`left out: ${operation}: ${reason}`);
  await context.output.data(imported, { rows: [collectionRow(imported, Date.now())], names: [name] });
};

function read(context: CliContext, file: string): Promise<string> {
  if (file === "-") return readStdin();
  return readFile(resolve(context.cwd, file), "utf8").catch((error: unknown) => {
    throw usageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  });
}
