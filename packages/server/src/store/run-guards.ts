import type { Entry } from "@millrace/engine";
import type { NewRun, RunSummary } from "#store/store";

// What every store relies on when it reads a run back. A violation is a fault of the caller, found before anything is written.

/** The first entries of a run begin with its acceptance. */
export function checkAcceptance(run: NewRun, entries: readonly Entry[], summary: RunSummary): void {
  const [first] = entries;
  if (first?.type !== "run-accepted" || first.runId !== run.id)
    throw new TypeError(`the journal of run ${run.id} must begin with its run-accepted entry`);
  checkAppend(run.id, entries, summary);
}

/** A summary says that the run has ended exactly where its last entry does. */
export function checkAppend(runId: string, entries: readonly Entry[], summary: RunSummary): void {
  const last = entries.at(-1);
  if (!last) throw new TypeError(`nothing to append to run ${runId}`);
  const ended = last.type === "run-finished" ? last.status : null;
  const isTerminal = summary.status === "SUCCEED" || summary.status === "FAILED";
  if (isTerminal ? summary.status !== ended : ended !== null) {
    throw new TypeError(`the summary of run ${runId} says ${summary.status}, its last entry is ${ended ?? last.type}`);
  }
  if (isTerminal !== (summary.endedAt !== null))
    throw new TypeError(`the summary of run ${runId} says ${summary.status} and endedAt ${summary.endedAt}`);
}
