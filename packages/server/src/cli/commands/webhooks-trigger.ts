import type { TestWebhookAnswer } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { duration } from "#cli/table";
import { callWorkflow } from "#cli/workflow";

export const run: Action = async (context, given) => {
  const [workflow, url] = [given.argument(0), given.arguments[1]];
  const body = url === undefined ? {} : { url };
  const { json } = await callWorkflow(context, "POST", workflow, "/webhook-test", { body });
  const answer = json as TestWebhookAnswer;
  if (!answer.delivered) throw undelivered(answer, url);
  const { listeners, response, durationMs = 0 } = answer;
  const took = response ? `${url} answered ${response.status} in ${duration(durationMs)}` : heardBy(listeners);
  await context.output.data(answer, {
    rows: [{ delivered: true, listeners }],
    names: [],
    table: `  test event of ${workflow}   ${took}\n`,
  });
};

function heardBy(listeners: number): string {
  return listeners === 1 ? "one listener" : `${listeners} listeners`;
}

function undelivered({ response, error }: TestWebhookAnswer, url: string | undefined): CliError {
  if (url === undefined) {
    const hint = "millrace webhooks listen http://localhost:3000   in another terminal, or name a URL";
    return new CliError("webhook_failed", "nobody listens to the webhooks of this server", EXIT.no, { hint });
  }
  const reason = response ? `answered ${response.status}` : `did not answer (${error?.message ?? "no reason given"})`;
  return new CliError("webhook_failed", `${url} ${reason}`, EXIT.no);
}
