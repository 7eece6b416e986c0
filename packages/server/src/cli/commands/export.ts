import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { JsonObject, WorkflowView } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";
import { confirm } from "#cli/ask";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { readVersion } from "#cli/read-version";
import { callWorkflow } from "#cli/workflow";
import { replaceFile } from "#cli/workflow-files";
import { documentText, formOf } from "#workflows/format/format-document";

export const run: Action = async (context, given) => {
  const document = await documentOf(context, given);
  const file = given.text("to");
  if (file === undefined) {
    const text = documentText(document, "yaml", nodeSpecs);
    await context.output.data(document, { rows: [], names: [String(document["name"])], table: text, text });
    return;
  }
  if (existsSync(resolve(context.cwd, file))) await confirm(context, "export", `Replace ${file}?`);
  await replaceFile(resolve(context.cwd, file), documentText(document, formOf(file), nodeSpecs));
  await context.output.data(document, { rows: [{ file }], names: [file], table: `  ${file}\n` });
};

async function documentOf(context: CliContext, given: Given): Promise<JsonObject> {
  const workflow = given.argument(0);
  const version = given.text("version") ?? "draft";
  if (version === "draft") return ((await callWorkflow(context, "GET", workflow)).json as WorkflowView).document as JsonObject;
  return (await readVersion(context, workflow, version)).document as JsonObject;
}
