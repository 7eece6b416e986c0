import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "#cli/cli-error";
import { call, type Reply } from "#cli/client";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";

/** Short runs are seen at once, long ones do not keep the server busy. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
const PAUSE_GROWTH = 1.5;

/** Waits for the run's end by asking; its result as the server sent it. `waitMs` null: for as long as it takes. Exit 8 when it is over. */
export async function waitForRun(
  context: CliContext,
  runId: string,
  headers: { readonly [name: string]: string },
  waitMs: number | null,
): Promise<Reply> {
  const until = waitMs === null ? Number.POSITIVE_INFINITY : performance.now() + waitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * PAUSE_GROWTH)) {
    const reply = await call(context, "POST", "/v1/workflow/query/result", { body: { workflowRunId: runId }, headers });
    const { status } = reply.json as { status: string };
    if (status === "SUCCEED" || status === "FAILED") return reply;
    const left = until - performance.now();
    if (left <= 0) throw stillRunning(runId, status);
    await sleep(Math.min(pauseMs, left));
  }
}

function stillRunning(runId: string, status: string): CliError {
  return new CliError("wait_timeout", `run ${runId} is ${status}; it goes on`, EXIT.timeout, { hint: `millrace runs wait ${runId}` });
}
