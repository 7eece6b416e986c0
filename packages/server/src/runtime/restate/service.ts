import type { Json } from "@millrace/contract";
import { jsonBytes, type RunState, replay } from "@millrace/engine";
import {
  handlers,
  RestatePromise,
  service,
  TerminalError,
  TimeoutError,
  type WorkflowContext,
  type WorkflowSharedContext,
  workflow,
} from "@restatedev/restate-sdk";
import { INTERPRETER } from "#runtime/attempts/accepted-entry";
import { RunJournal } from "#runtime/attempts/run-journal";
import type { DrivenRuns } from "#runtime/driven-runs";
import type { CutOffLives } from "#runtime/restate/cut-off-lives";
import { HostedJournal } from "#runtime/restate/hosted-journal";
import { HostedRun } from "#runtime/restate/hosted-run";
import type { HostedRunPorts } from "#runtime/restate/hosted-run-ports";
import { HostedTurn, laneOf } from "#runtime/restate/hosted-turn";
import { CLOSED, type Ended, type Replies, replyTo, type Spoken, type Submission, TOLD, told } from "#runtime/restate/words";
import type { CompiledVersion } from "#runtime/runtime";
import { contentsOf } from "#runtime/summary";
import type { RunInLine } from "#store/shared-store";
import type { ClaimedRun, HostedRuns, RunContents } from "#store/store";

/** Longer than a node may take at most: what stops an attempt is its own time limit, and what a run hears meanwhile is to reach it. */
const BEYOND_NODES_MS = 25 * 3_600_000;

/** Whoever has waited so long for a run leaves the memory of the worker; a run itself does so without being asked, when it only waits. */
const INACTIVITY_MS = 5_000;

/** Of the end of a run that goes to whoever waits for it along with the word that it has come; a larger one is read from the store. */
const MOST_END_BYTES = 16 * 1_024;

/** Somebody waits this long for what becomes of what he asks, at most; whether it is heard depends on it no more. */
const ANSWERED_WITHIN_MS = 3_600_000;

/** The engine keeps what a run came to for whoever still waits for it; what it was is in the store. */
const RETENTION_MS = 3_600_000;

/**
 * Before another life of a run that was cut off. After a minute in vain the engine pauses it: its workers may be gone for good, and it is
 * resumed on those that are there.
 */
const RETRIES = { initialInterval: 100, exponentiationFactor: 2, maxInterval: 10_000, maxAttempts: 12, onMaxAttempts: "pause" } as const;

export interface ServicePorts extends Omit<HostedRunPorts, "ended" | "crashed"> {
  readonly runs: DrivenRuns & HostedRuns;
  readonly cutOff: CutOffLives;
  loadVersion(tenantId: string, workflowId: string, version: string): Promise<CompiledVersion | null>;
  /** Tells a run that it may be its turn. Never rejects. */
  callUp(run: RunInLine): Promise<void>;
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
    name: ports.engine.services.runs,
    handlers: {
      run: handlers.workflow.workflow(
        { inactivityTimeout: ports.inactivityMs ?? BEYOND_NODES_MS },
        (context: WorkflowContext, submission: Submission) => live({ ...ports, crashed }, context, submission),
      ),
      tell,
      whenEnded,
      close,
    },
    options: {
      abortTimeout: BEYOND_NODES_MS,
      inactivityTimeout: ports.inactivityMs ?? INACTIVITY_MS,
      journalRetention: 0,
      workflowRetention: RETENTION_MS,
      retryPolicy: RETRIES,
      onJournalMismatchErrors: "pause",
    },
  });
  const health = service({ name: ports.engine.services.health, handlers: { ping: async () => true } });
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
  const lane = laneOf(tenantId, state, version.startValues(state.run.input));
  const turn = lane && new HostedTurn({ turns: ports.shared.turns, log: ports.log, callUp: (next) => ports.callUp(next) }, lane);
  let end: RunContents | null = null;
  const ended = (_tenantId: string, state: RunState): void => {
    end = contentsOf(run, state);
    // An earlier life has told of it.
    if (claimed.claim) ports.ended(tenantId, end);
  };
  const life = claimed.claim && ports.cutOff.next(claimed.claim);
  const record = { tenantId, keyId: run.keyId, journal, turn, life, version, state, resumed: false };
  const limits = submission.limits ?? { ...ports.limits, quietMs: 0 };
  const hosted = new HostedRun({ ...ports, limits, ended }, context, record);
  context.request().attemptCompletedSignal.addEventListener("abort", () => hosted.stop(), { once: true });
  try {
    await hosted.drive();
  } finally {
    hosted.stop();
  }
  return { tenantId, runId, ...(isSmall(end) && { end }) };
}

/** The engine keeps it in its log. */
function isSmall(end: RunContents | null): end is RunContents {
  return end !== null && jsonBytes(end as unknown as Json, MOST_END_BYTES) <= MOST_END_BYTES;
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

/** Puts what is said into the run's next free place, and waits for what becomes of it. */
async function tell(context: WorkflowSharedContext, spoken: Spoken): Promise<Replies> {
  const closed = context.promise<boolean>(CLOSED);
  for (let place = (await context.get<number>(TOLD)) ?? 0; ; place++) {
    if (await closed.peek()) return "closed";
    try {
      await context.promise<Spoken>(told(place)).resolve(spoken);
    } catch (error) {
      // Somebody else was quicker.
      if (error instanceof TerminalError && error.code === CONFLICT) continue;
      throw error;
    }
    return becomes(context, place);
  }
}

/** The run may have answered and ended before it was said to be closed. */
async function becomes(context: WorkflowSharedContext, place: number): Promise<Replies> {
  const reply = context.promise<Replies>(replyTo(place));
  const closed = context.promise<boolean>(CLOSED);
  try {
    return (
      (await RestatePromise.race([reply.get(), closed.get().map(() => null)]).orTimeout(ANSWERED_WITHIN_MS)) ??
      (await reply.peek()) ??
      "closed"
    );
  } catch (error) {
    if (error instanceof TimeoutError) return "closed";
    throw error;
  }
}

/** Of a run that was called. */
async function whenEnded(context: WorkflowSharedContext, until: number | null): Promise<boolean> {
  const closed = context.promise<boolean>(CLOSED).get();
  if (until === null) return closed;
  try {
    return await closed.orTimeout(Math.max(0, until - Date.now()));
  } catch (error) {
    if (error instanceof TimeoutError) return false;
    throw error;
  }
}

/** The run has ended: nobody hears what it is told. */
async function close(context: WorkflowSharedContext): Promise<void> {
  try {
    await context.promise<boolean>(CLOSED).resolve(true);
  } catch (error) {
    if (!(error instanceof TerminalError && error.code === CONFLICT)) throw error;
  }
}

const CONFLICT = 409;
