import type { TestConnectionAnswer } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { EXIT } from "#cli/exit-codes";

/** Longer than the server waits for a model. */
const TIMEOUT_MS = 90_000;

export const run: Action = async (context, given) => {
  const name = given.argument(0);
  const model = given.text("model");
  const { json } = await call(context, "POST", `/api/v1/connections/${segment(name)}/test`, {
    body: { ...(model !== undefined && { model }) },
    timeoutMs: TIMEOUT_MS,
  });
  const tested = json as TestConnectionAnswer;
  if (!tested.ok) throw refused(name, tested);
  const row = { name, ...toldBy(tested), ms: tested.durationMs };
  await context.output.data(tested, { rows: [row], names: [name] });
};

/** What answered: a model, a service of the web, or something that has no more to say than that it works. */
function toldBy({ model, status, text = "ok" }: TestConnectionAnswer) {
  if (model !== undefined) return { model, answer: text };
  return status === undefined ? { answer: text } : { status };
}

function refused(name: string, { status, error }: TestConnectionAnswer): CliError {
  const why = error ? error.message : `it answered ${status}`;
  const hint = status === 401 || status === 403 ? `millrace connections set ${name}` : undefined;
  return new CliError(
    error?.type ?? `http_${status}`,
    `the connection ${name} does not work: ${why}`,
    EXIT.no,
    hint === undefined ? {} : { hint },
  );
}
