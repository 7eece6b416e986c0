import { type RunState, replay } from "@millrace/engine";
import {
  RestatePromise,
  service,
  TerminalError,
  type WorkflowContext,
  type WorkflowSharedContext,
  workflow,
} from "@restatedev/restate-sdk";
import { ENGINE_SERVICES } from "#config/engine-addresses";
import { INTERPRETER } from "#runtime/attempts/accepted-entry";
import { RunJournal } from "#runtime/attempts/run-journal";
import type { DrivenRuns } from "#runtime/driven-runs";
import { HostedJournal } from "#runtime/restate/hosted-journal";
import { HostedRun, type HostedRunPorts } from "#runtime/restate/hosted-run";
import { CLOSED, type Ended, type Message, type Reply, replyTo, type Submission, TOLD, told } from "#runtime/restate/words";
import type { CompiledVersion } from "#runtime/runtime";
import { contentsOf } from "#runtime/summary";
import type { ClaimedRun, HostedRuns, RunContents, RunStore } from "#store/store";

/** Longer than the longest time that a node may take: what stops an attempt is its own time limit. */
const ABORT_TIMEOUT_MS = 25 * 3_600_000;

/** A run that has waited so long for the engine leaves the memory of the worker. */
const INACTIVITY_MS = 5_000;

/** The engine keeps what a run came to for whoever still waits for it; what it was is in the store. */
const RETENTION_MS = 3_600_000;

/**
 * Before another life of a run that was cut off. After a minute in vain the engine pauses it: its workers may be gone for good, and it is
 * resumed on those that are there.
 */
const RETRIES = { initialInterval: 100, exponentiationFactor: 2, maxInterval: 10_000, maxAttempts: 12, onMaxAttempts: "pause" } as const;

export interface ServicePorts extends Omit<HostedRunPorts, "ended" | "crashed"> {
  readonly runs: DrivenRuns & HostedRuns & Pick<RunStore, "journal">;
  loadVersion(tenantId: string, workflowId: string, version: string): Promise<CompiledVersion | null>;
  /** More of the journal is durable. */
  progressed(runId: string): void;
  ended(tenantId: string, end: RunContents): void;
  /** Absent: as the server says. For tests that make the engine forget a run at each wait. */
  readonly inactivityMs?: number;
}

/** What the engine calls: the lives of runs, what is asked of them, and whether anything works at all. */
export function services(ports: ServicePorts) {
  const crashed = new Set<string>();
  const runs = workflow({
    name: ENGINE_SERVICES.runs,
    handlers: { run: (context: WorkflowContext, submission: Submission) => live({ ...ports, crashed }, context, submission), tell },
    options: {
      abortTimeout: ABORT_TIMEOUT_MS,
      inactivityTimeout: ports.inactivityMs ?? INACTIVITY_MS,
      journalRetention: 0,
      workflowRetention: RETENTION_MS,
      retryPolicy: RETRIES,
      onJournalMismatchErrors: "pause",
    },
  });
  const health = service({ name: ENGINE_SERVICES.health, handlers: { ping: async () => true } });
  return [runs, health];
}

/** One life of a run. Whatever it rejects with, the engine begins the next one. */
async function live(ports: ServicePorts & { crashed: Set<string> }, context: WorkflowContext, submission: Submission): Promise<Ended> {
  const { tenantId, runId } = submission;
  const taken = await take(ports, submission);
  if (!taken) return { tenantId, runId };
  const { version, claimed, state } = await begun(ports, submission, taken);
  const { run, entries } = claimed;
  const journal = new HostedJournal({
    runId,
    journal: claimed.claim && RunJournal.ofClaimed(ports.runs, claimed.claim),
    stored: entries,
    begunWith: submission.entries,
    clock: ports.clock,
    progressed: () => ports.progressed(runId),
  });
  const ended = (_tenantId: string, end: RunState): void => ports.ended(tenantId, contentsOf(run, end));
  const hosted = new HostedRun({ ...ports, ended }, context, { tenantId, keyId: run.keyId, journal, version, state, resumed: false });
  context.request().attemptCompletedSignal.addEventListener("abort", () => hosted.stop(), { once: true });
  try {
    await hosted.drive();
  } finally {
    hosted.stop();
  }
  return { tenantId, runId };
}

/** The run as its earlier lives left it; without a claim where it has ended. null: it is gone. */
async function take({ runs }: ServicePorts, { tenantId, runId }: Submission): Promise<Taken | null> {
  const claimed = await runs.takeHosted(tenantId, runId);
  if (claimed) return claimed;
  const run = await runs.get(tenantId, null, runId);
  if (!run) return null;
  if (run.endedAt === null) throw new Error(`run ${runId} is driven otherwise`);
  return { claim: null, run, entries: await runs.journal(tenantId, runId) };
}

interface Taken extends Pick<ClaimedRun, "run" | "entries"> {
  readonly claim: ClaimedRun["claim"] | null;
}

async function begun(ports: ServicePorts, { tenantId, entries: count }: Submission, claimed: Taken) {
  const { run, entries } = claimed;
  const [first] = entries;
  if (first?.type === "run-accepted" && first.interpreter > INTERPRETER)
    throw new Error(`run ${run.id} was begun by a newer interpreter (${first.interpreter}); this one is ${INTERPRETER}`);
  const version = await ports.loadVersion(tenantId, run.workflowId, run.version);
  if (!version) throw new Error(`version ${run.version} of workflow ${run.workflowId} cannot be loaded`);
  return { version, claimed, state: replay(version.plan, entries.slice(0, count)) };
}

/** Puts the message into the run's next free place, and waits for what becomes of it. */
async function tell(context: WorkflowSharedContext, message: Message): Promise<Reply> {
  const closed = context.promise<boolean>(CLOSED);
  for (let place = (await context.get<number>(TOLD)) ?? 0; ; place++) {
    if (await closed.peek()) return "closed";
    try {
      await context.promise<Message>(told(place)).resolve(message);
    } catch (error) {
      // Somebody else was quicker.
      if (error instanceof TerminalError && error.code === CONFLICT) continue;
      throw error;
    }
    return RestatePromise.race([context.promise<Reply>(replyTo(place)).get(), closed.get().map((): Reply => "closed")]);
  }
}

const CONFLICT = 409;
