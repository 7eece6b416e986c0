import type { RunView } from "@millrace/contract";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import { parseJson, textOf } from "#cli/invoke-input";
import { workflowHeader } from "#cli/workflow-header";

export const run: Action = async (context, given) => {
  const [id, name] = [given.argument(0), given.argument(1)];
  const text = given.text("value");
  const written = text === undefined ? "null" : await textOf(context, "--value", text);
  const signalId = given.text("id");
  // What is no JSON is a text.
  const body = { workflowRunId: id, name, value: parseJson(written) ?? written, ...(signalId !== undefined && { id: signalId }) };
  const headers = await workflowHeader(context, id);
  const { json } = await call(context, "POST", "/v1/workflow/run/signal", { body, headers });
  const { status } = json as RunView;
  await context.output.data(json as RunView, { rows: [{ id, signal: name, status }], names: [id] });
};
