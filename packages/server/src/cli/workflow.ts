import { CliError } from "#cli/cli-error";
import { type Call, call, type Reply, segment } from "#cli/client";
import type { CliContext } from "#cli/context";

/** A request about one workflow. One that does not exist is told with the name that may have been meant. */
export async function callWorkflow(context: CliContext, method: string, workflow: string, rest = "", given: Call = {}): Promise<Reply> {
  return namingWorkflow(context, workflow, () => call(context, method, `/api/v1/workflows/${segment(workflow)}${rest}`, given));
}

export async function namingWorkflow<T>(context: CliContext, workflow: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CliError && error.type === "not_found") throw await unknownWorkflow(context, workflow, error);
    throw error;
  }
}

async function unknownWorkflow(context: CliContext, workflow: string, { type, exitCode, details }: CliError): Promise<CliError> {
  const { endpoint } = await context.connect();
  const suggestion = await suggest(context, workflow);
  const hint = `${suggestion === null ? "" : `did you mean ${suggestion}?   `}millrace workflows list`;
  return new CliError(type, `workflow "${workflow}" does not exist on ${endpoint}`, exitCode, { ...details, hint });
}

/** Names that are compared at most. */
const COMPARED = 100;

/** null: no name is near, or this key may not list them. */
async function suggest(context: CliContext, workflow: string): Promise<string | null> {
  const { nearestName } = await import("@millrace/contract");
  try {
    const { json } = await call(context, "GET", "/api/v1/workflows", { query: { limit: COMPARED } });
    const { data } = json as { data: readonly { name: string }[] };
    return nearestName(
      workflow,
      data.map(({ name }) => name),
    );
  } catch (error) {
    if (error instanceof CliError) return null;
    throw error;
  }
}
