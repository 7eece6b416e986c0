import type { ImportAnswer } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { readWorkflowFile } from "#cli/workflow-files";

export const run: Action = async (context, given) => {
  const { bytes } = await readWorkflowFile(context.cwd, given.argument(0));
  const publish = given.on("publish");
  const headers = { "Content-Type": "application/octet-stream" };
  const { json } = await call(context, "POST", "/api/v1/import", { bytes: new Uint8Array(bytes), headers, query: { publish } });
  const answer = json as ImportAnswer;
  for (const { code, path, message } of answer.warnings) context.output.note(`warning: ${path} ${code}: ${message}`);
  const rows = answer.workflows.map(({ name, id, version }) => ({ name, id, version }));
  const table = rows.map(({ name, version }) => `  ${name}   ${publish ? `published ${version}` : "imported as a draft"}\n`).join("");
  await context.output.data(answer, { rows, names: answer.workflows.flatMap(({ id }) => id ?? []), table });
};
