import type { RunEvent } from "@millrace/contract";
import { Client } from "@millrace/sdk";
import type { CliContext } from "#cli/context";
import { fetchThroughProxy } from "#cli/proxy";

/** What happens in a run, from its beginning to its end, over as many connections as it takes. */
export async function* runEvents(context: CliContext, id: string, workflow?: string): AsyncGenerator<RunEvent> {
  const client = await clientOf(context);
  yield* client.runs.events(id, workflow === undefined ? {} : { workflow });
}

async function clientOf(context: CliContext): Promise<Client> {
  const { endpoint, apiKey } = await context.connect();
  const fetch = (url: string | URL | Request, init: RequestInit = {}) => fetchThroughProxy(String(url), init, context.environment);
  return new Client({ endpoint, apiKey: apiKey ?? "", fetch });
}

/** One line an event: in full for programs, what happened where for people. */
export function eventLine({ output }: CliContext, event: RunEvent): string {
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
