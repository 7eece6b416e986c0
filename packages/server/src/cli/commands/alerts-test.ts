import type { TestAlertAnswer } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";
import { duration } from "#cli/table";

export const run: Action = async (context, given) => {
  const id = given.argument(0);
  const { json } = await call(context, "POST", `/api/v1/alerts/${segment(id)}/test`);
  const answer = json as TestAlertAnswer;
  const { delivered, request, response, error, durationMs } = answer;
  if (!delivered) {
    const reason = response ? `answered ${response.status}` : `did not answer (${error?.message ?? "no reason given"})`;
    throw new CliError("webhook_failed", `${request.url} ${reason}`, EXIT.no);
  }
  const table = `  test of ${id}   ${request.url} answered ${response?.status} in ${duration(durationMs)}\n`;
  await context.output.data(answer, { rows: [{ id, delivered }], names: [id], table });
};
