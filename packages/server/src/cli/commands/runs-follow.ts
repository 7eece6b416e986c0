import type { RunEvent } from "@millrace/contract";
import { Client } from "@millrace/sdk";
import { call } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { failureOf } from "#cli/print-run";
import { fetchThroughProxy } from "#cli/proxy";
import { workflowHeader } from "#cli/workflow-header";

export const run: Action = async (context, given) => {
  const id = given.argument(0);
  context.ifInterrupted(`the run goes on: millrace runs follow ${id}`);
  const headers = await workflowHeader(context, id);
  // Refused with the reason, where the run is not known or the key may not see it.
  await call(context, "POST", "/v1/workflow/query/result", { body: { workflowRunId: id }, headers });
  const workflow = headers["Millrace-Workflow"];
  const client = await clientOf(context);
  for await (const event of client.runs.events(id, workflow === undefined ? {} : { workflow })) {
    context.output.raw(lineOf(context, event));
    if (event.event === "run.finished" && event.data.status === "FAILED") throw failureOf(event.data);
  }
};

async function clientOf(context: CliContext): Promise<Client> {
  const { endpoint, apiKey } = await context.connect();
  const fetch = (url: string | URL | Request, init: RequestInit = {}) => fetchThroughProxy(String(url), init, context.environment);
  return new Client({ endpoint, apiKey: apiKey ?? "", fetch });
}

/** One line an event: in full for programs, what happened where for people. */
function lineOf({ output }: CliContext, event: RunEvent): string {
  if (output.form === "json" || output.form === "yaml") return `${JSON.stringify(event)}\n`;
  if (output.form === "name") return `${event.event}\n`;
  const [at, place] = [timeOf(event), placeOf(event)];
  return output.form === "text" ? `${at}\t${event.event}\t${place}\n` : `  ${at}  ${event.event.padEnd(NAME_WIDTH)}  ${place}\n`;
}

const NAME_WIDTH = "node.finished".length;

function timeOf({ event, data }: RunEvent): string {
  return new Date(event === "run.finished" ? data.endTime : data.at).toISOString();
}

function placeOf({ event, data }: RunEvent): string {
  switch (event) {
    case "run.started":
      return `${data.workflowName}@${data.workflowVersion}`;
    case "run.finished":
      return data.status;
    case "run.waiting":
      return `${data.path} (${data.type})`;
    case "node.started":
    case "node.finished":
      return data.path;
    case "node.delta":
      return `${data.path} ${JSON.stringify(data.text)}`;
    case "node.failed":
      return `${data.path} ${data.error?.type ?? ""}`;
    default:
      return event satisfies never;
  }
}
