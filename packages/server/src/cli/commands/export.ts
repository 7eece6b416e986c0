import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { ExportAnswer, JsonObject, WorkflowView } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import { confirm } from "#cli/ask";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { readVersion } from "#cli/read-version";
import { callWorkflow } from "#cli/workflow";
import { replaceFile } from "#cli/workflow-files";
import { documentText, formOf } from "#workflows/format/format-document";

/** The text of a file, and what programs get of it. */
interface Exported {
  readonly document: JsonObject;
  /** As a file of that name would hold it. */
  text(file: string): string;
}

export const run: Action = async (context, given) => {
  const file = given.text("to");
  const isFlow = (given.text("format") ?? (file?.endsWith(".flow") ? "flow" : "millrace")) === "flow";
  const { document, text } = isFlow ? await flowOf(context, given) : await nativeOf(context, given);
  if (file === undefined) {
    const printed = text("");
    await context.output.data(document, { rows: [], names: [String(document["name"])], table: printed, text: printed });
    return;
  }
  if (existsSync(resolve(context.cwd, file))) await confirm(context, "export", `Replace ${file}?`);
  await replaceFile(resolve(context.cwd, file), text(file));
  await context.output.data(document, { rows: [{ file }], names: [file], table: `  ${file}\n` });
};

/** Written by the server, which compares it with the document. */
async function flowOf(context: CliContext, given: Given): Promise<Exported> {
  const version = given.text("version");
  const query = { format: "flow", version: version === "draft" ? undefined : version };
  const { content, warnings } = (await callWorkflow(context, "GET", given.argument(0), "/export", { query })).json as ExportAnswer;
  for (const { path, message } of warnings) context.output.note(`warning: ${path}: ${message}`);
  return { document: JSON.parse(content) as JsonObject, text: () => content };
}

async function nativeOf(context: CliContext, given: Given): Promise<Exported> {
  const document = await documentOf(context, given);
  return { document, text: (file) => documentText(document, file === "" ? "yaml" : formOf(file), nodeSpecs) };
}

async function documentOf(context: CliContext, given: Given): Promise<JsonObject> {
  const workflow = given.argument(0);
  const version = given.text("version") ?? "draft";
  if (version === "draft") return ((await callWorkflow(context, "GET", workflow)).json as WorkflowView).document as JsonObject;
  return (await readVersion(context, workflow, version)).document as JsonObject;
}
