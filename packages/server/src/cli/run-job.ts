import { setTimeout as sleep } from "node:timers/promises";
import type { BulkJobView, CreateBulkJobBody } from "@millrace/contract";
import { confirm } from "#cli/ask";
import { usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { sinceMs } from "#cli/since";
import { namingWorkflow } from "#cli/workflow";

/** Between two looks at how far the job is. */
const LOOK_MS = 500;

type Job = Omit<CreateBulkJobBody, "filter">;

/** Makes a job of the runs that the flags name, and follows it to its end. It goes on when nobody follows it. */
export async function runJob(context: CliContext, given: Given, job: Job): Promise<void> {
  const command = `runs ${job.action}`;
  const filter = filterOf(given, command);
  const named = Object.entries(filter).map(([name, value]) => `${name} ${String(value)}`);
  await confirm(context, command, `${job.action === "cancel" ? "Cancel" : "Replay"} every run with ${named.join(", ")}?`);
  const create = () => call(context, "POST", "/api/v1/bulk-jobs", { body: { ...job, filter } });
  const { json } = await (filter.workflow === undefined ? create() : namingWorkflow(context, filter.workflow, create));
  const made = json as BulkJobView;
  context.output.note(`  ${made.matched} runs; the job goes on without this command:   millrace jobs stop ${made.id}`);
  await printJob(context, await ended(context, made));
}

export async function printJob(context: CliContext, job: BulkJobView): Promise<void> {
  await context.output.data(job, { rows: [jobRow(job)], names: [job.id] });
}

export function jobRow({ id, action, state, matched, done, failed, skipped, remaining, lastError }: BulkJobView) {
  return { job: id, action, state, matched, done, failed, skipped, remaining, error: lastError };
}

async function ended(context: CliContext, made: BulkJobView): Promise<BulkJobView> {
  let job = made;
  while (job.state === "running") {
    await sleep(LOOK_MS);
    const before = job;
    job = (await call(context, "GET", `/api/v1/bulk-jobs/${segment(made.id)}`)).json as BulkJobView;
    if (job.remaining !== before.remaining) context.output.note(`  ${job.matched - job.remaining} of ${job.matched}`);
  }
  return job;
}

function filterOf(given: Given, command: string): CreateBulkJobBody["filter"] {
  const [workflow, status, user, since] = ["workflow", "status", "user", "since"].map((flag) => given.text(flag));
  if ([workflow, status, user, since].every((value) => value === undefined))
    throw usageError(`${command}: <run> is missing`, "name a run, or say which with --workflow, --status, --user or --since");
  return {
    ...(workflow !== undefined && { workflow }),
    ...(status !== undefined && { status: status as NonNullable<CreateBulkJobBody["filter"]["status"]> }),
    ...(user !== undefined && { user }),
    ...(since !== undefined && { since: sinceMs(since, Date.now()) }),
  };
}
