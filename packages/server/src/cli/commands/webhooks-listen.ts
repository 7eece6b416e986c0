import type { OverheardDelivery } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { forward } from "#cli/forward-delivery";
import { listenAgain } from "#cli/listen-again";
import type { ForwardedDelivery } from "#cli/output-schemas";
import { duration } from "#cli/table";
import { WorkflowSecrets } from "#cli/workflow-secrets";

/** Forwarded at once. */
const MAX_AT_ONCE = 8;

export const run: Action = async (context, given) => {
  const url = given.argument(0);
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    throw usageError(`"${url}" is not an http or https URL`, "http://localhost:3000/hook");
  const secrets = new WorkflowSecrets(context);
  const underWay = new Set<Promise<void>>();
  const opened = (): void => context.output.note(`  Listening for deliveries of this server · forwarding to ${url} · Ctrl+C to stop`);
  for await (const { event, data } of listenAgain(context, "/api/v1/webhooks/listen", opened)) {
    if (event === "missed")
      context.output.note(`  ${(JSON.parse(data) as { missed: number }).missed} deliveries were too many at once and are not shown`);
    if (event !== "delivery") continue;
    const one = forward(secrets, JSON.parse(data) as OverheardDelivery, url).then((forwarded) => print(context, forwarded));
    underWay.add(one);
    void one.finally(() => underWay.delete(one));
    if (underWay.size >= MAX_AT_ONCE) await Promise.race(underWay);
  }
};

async function print(context: CliContext, forwarded: ForwardedDelivery): Promise<void> {
  const { output } = context;
  // One line each, for programs that read while it goes on.
  if (output.form === "json") output.raw(`${JSON.stringify(forwarded)}\n`);
  else await output.data(forwarded, { rows: [rowOf(forwarded)], names: [forwarded.id], table: lineOf(context, forwarded) });
}

function rowOf({ id, method, runId, status, httpStatus, durationMs }: ForwardedDelivery) {
  return { id, method, runId, status, httpStatus, durationMs };
}

function lineOf(
  { output }: CliContext,
  { at, id, method, runId, status, signed, httpStatus, durationMs, error }: ForwardedDelivery,
): string {
  const run = id.startsWith("msg_test_") ? "test event" : `${runId.slice(0, 8)}…${runId.slice(-4)}`;
  const mark = signed ? `signed ${output.paint("✔", "green")}` : `signed ${output.paint("✖", "red")}`;
  const answer = signed ? `${httpStatus ?? error} in ${duration(durationMs)}` : "not forwarded";
  return `  ${timeOfDay(at)}  ${method}  ${run}  ${status}  ${mark}  → ${answer}\n`;
}

/** `12:01:04`, where the command runs. */
function timeOfDay(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
