import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { JsonObject, WorkflowView } from "@millrace/contract";
import { checkFiles } from "#cli/check/check-files";
import { checkOptions } from "#cli/check/check-options";
import { invalidFiles } from "#cli/check/refuse-files";
import { wordsFor } from "#cli/check/words";
import { CliError, usageError } from "#cli/cli-error";
import type { CliContext } from "#cli/context";
import { readVersion } from "#cli/read-version";
import { serverSettings } from "#cli/server-settings";
import { callWorkflow } from "#cli/workflow";

/** One of two documents that are compared. */
export interface Side {
  /** As people know it: a file, or `news@1.0.3`. */
  readonly label: string;
  /** null: there is none yet. */
  readonly document: JsonObject | null;
}

export function isFile({ cwd }: CliContext, text: string): boolean {
  return /\.(ya?ml|json|flow)$/.test(text) || existsSync(resolve(cwd, text));
}

/** The documents of files. Throws where one cannot be read. */
export async function fileSides(
  context: CliContext,
  paths: readonly string[],
): Promise<readonly (Side & { readonly document: JsonObject })[]> {
  const options = checkOptions(serverSettings(context).settings.egressAllow, await wordsFor(context));
  const checked = await checkFiles(context.cwd, paths, options);
  const unreadable = checked.filter(({ document }) => document === null);
  if (unreadable.length > 0) throw invalidFiles(unreadable.flatMap(({ problems }) => problems));
  return checked.flatMap(({ file, document }) => (document === null ? [] : [{ label: file, document }]));
}

/** `news`, `news@live`, `news@1.0.3`; without a name (`@1.0.3`) it is of `workflow`. */
export async function serverSide(context: CliContext, text: string, workflow?: string): Promise<Side> {
  const [, named = "", version = "draft"] = /^(.*?)(?:@([^@]+))?$/.exec(text) ?? [];
  const name = named === "" ? workflow : named;
  if (name === undefined) throw usageError(`diff: "${text}" names no workflow`, "millrace diff news@1.0.3");
  if (version === "draft") return { label: `${name}@draft`, document: await draftOf(context, name) };
  const view = await readVersion(context, name, version);
  return { label: `${name}@${view.version}`, document: view.document as JsonObject };
}

/** The draft of a workflow that may not be there yet. */
export async function draftSide(context: CliContext, name: string): Promise<Side> {
  try {
    return await serverSide(context, name);
  } catch (error) {
    if (error instanceof CliError && error.type === "not_found") return { label: `${name}@draft`, document: null };
    throw error;
  }
}

async function draftOf(context: CliContext, name: string): Promise<JsonObject> {
  return ((await callWorkflow(context, "GET", name)).json as WorkflowView).document as JsonObject;
}
