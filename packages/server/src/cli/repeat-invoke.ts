import { CliError } from "#cli/cli-error";
import type { Reply } from "#cli/client";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import type { EndedRun } from "#cli/print-run";

/** Runs under way at once: as many as a browser would keep connections. */
const AT_ONCE = 6;

/** Runs so many times and prints a line a run, in the order in which they began. Throws, exit 3, when one FAILED. */
export async function repeat(context: CliContext, times: number, once: () => Promise<Reply>): Promise<void> {
  const { form } = context.output;
  let begun = 0;
  let failed = 0;
  let printed: Promise<void> = Promise.resolve();
  const worker = async (): Promise<void> => {
    while (begun < times) {
      begun += 1;
      const reply = once();
      const before = printed;
      printed = reply.then(async ({ text, json }) => {
        await before;
        const { workflowRunId, status } = json as EndedRun;
        if (status === "FAILED") failed += 1;
        context.output.raw(form === "json" ? `${text}\n` : form === "name" ? `${workflowRunId}\n` : `${workflowRunId}  ${status}\n`);
      });
      await printed;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, times) }, worker));
  if (failed > 0)
    throw new CliError("run_failed", `${failed} of ${times} runs FAILED`, EXIT.no, { hint: "millrace runs list --status FAILED" });
}
