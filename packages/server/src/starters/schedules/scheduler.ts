import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import type { Logger } from "#log";
import { RequestError } from "#request-error";
import { passingRefusal } from "#runs/passing-refusal";
import { type StartRunPorts, startRun } from "#runs/start-run";
import { REMEMBERED_MS } from "#starters/remembered";
import { DueTimes } from "#starters/schedules/due-times";
import { planDue } from "#starters/schedules/plan-due";
import { IdempotencyKeyTaken, StoreClosed } from "#store/errors";
import type { DueOutcome, DueSchedule, ScheduleStore } from "#store/schedule-store";
import type { Store, WorkflowStore } from "#store/store";

// Starts what is due. Invariants:
// D1. A due time starts at most one run: the run is accepted under a key that is the due time's own, in one transaction.
// D2. A schedule stays due until what came of it is recorded: after a death in between it is due again, and D1 finds the run that there is.
// D3. Nothing starts before its due time.

/** Schedules seen to at once. */
const MAX_AT_ONCE = 64;

/** Wait before another try of what the server or the store could not do. */
const RETRY_MS = 1_000;

export interface SchedulerPorts extends StartRunPorts {
  readonly schedules: Pick<ScheduleStore, "due" | "nextDueAt" | "settle">;
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly watch: Store["watch"];
  readonly clock: Clock;
  readonly log: Pick<Logger, "error">;
}

export class Scheduler {
  readonly #ports: SchedulerPorts;
  #look: Promise<void> | null = null;
  #again = false;
  #closed = false;
  #disarm = (): void => undefined;
  #unwatch = (): void => undefined;

  constructor(ports: SchedulerPorts) {
    this.#ports = ports;
  }

  /** Sees to what fell due while no server was there, and to whatever falls due from now on. */
  start(): void {
    this.#closed = false;
    this.#unwatch = this.#ports.watch(({ kind }) => kind === "schedule" && this.#wake());
    this.#wake();
  }

  /** Resolves when nothing is started any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unwatch();
    this.#disarm();
    await this.#look;
  }

  /** However often it is called, one look is under way and one more waits. */
  #wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#look ??= this.#lookAgain().finally(() => {
      this.#look = null;
      if (this.#again) this.#wake();
    });
  }

  async #lookAgain(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        await this.#seeToDue();
      } catch (error) {
        if (error instanceof StoreClosed) return;
        this.#ports.log.error({ err: error }, "due schedules cannot be read");
        this.#wakeAt(this.#ports.clock.now() + RETRY_MS);
      }
    }
  }

  async #seeToDue(): Promise<void> {
    const { schedules, clock } = this.#ports;
    const now = clock.now();
    const due = await schedules.due(now, MAX_AT_ONCE);
    const settled = await Promise.all(due.map((schedule) => this.#seeTo(schedule, now)));
    if (settled.includes(false)) return this.#wakeAt(clock.now() + RETRY_MS);
    const next = await schedules.nextDueAt(now);
    if (next !== null) this.#wakeAt(next);
  }

  /** False: it is still due, and is seen to in a moment. */
  async #seeTo(schedule: DueSchedule, now: number): Promise<boolean> {
    const { tenantId, id, dueAt } = schedule;
    try {
      const { start, next } = planDue(schedule, now);
      const outcome: DueOutcome = start === null ? { dueAt: next, enabled: true } : await this.#begin(schedule, start, next);
      failpoint("schedule.afterStart.beforeSettle");
      await this.#ports.schedules.settle(tenantId, id, dueAt, outcome);
      return true;
    } catch (error) {
      if (!passingRefusal(error)) this.#ports.log.error({ err: error, schedule: id }, "a schedule could not be seen to");
      return false;
    }
  }

  /** Throws what may pass; everything else is the outcome. */
  async #begin(schedule: DueSchedule, dueAt: number, next: number | null): Promise<DueOutcome> {
    const { tenantId, workflowId } = schedule;
    const workflow = await this.#ports.workflows.get(tenantId, workflowId);
    if (!workflow) return { dueAt: null, enabled: false, last: { dueAt, runId: null, error: "The workflow was deleted." } };
    try {
      const { runId } = await startRun(this.#ports, { ...scheduledRun(schedule, dueAt, this.#ports.clock.now()), workflow });
      return { dueAt: next, enabled: true, last: { dueAt, runId, error: null } };
    } catch (error) {
      if (error instanceof IdempotencyKeyTaken) return { dueAt: next, enabled: true, last: { dueAt, runId: error.runId, error: null } };
      if (!(error instanceof RequestError)) throw error;
      return { dueAt: next, enabled: true, last: { dueAt, runId: null, error: reasonOf(error) } };
    }
  }

  #wakeAt(at: number): void {
    this.#disarm();
    if (!this.#closed) this.#disarm = this.#ports.clock.at(at, () => this.#wake());
  }
}

function scheduledRun({ tenantId, id, version, input, userId }: DueSchedule, dueAt: number, at: number) {
  const once = { keyId: `schedule ${id}`, key: String(dueAt), requestHash: id, at, forgottenAt: dueAt + REMEMBERED_MS };
  return {
    caller: { tenantId, keyId: null },
    version,
    body: { userId, input, isAsync: true, webhook: [] },
    language: "en",
    origin: { trigger: "schedule", id },
    once,
  } as const;
}

function reasonOf({ type, details }: RequestError): string {
  const [first] = details.errors ?? [];
  const message = first?.message ?? details.message;
  return message === undefined ? type : `${type}: ${message}`;
}

/** When the schedule falls due by its settings, counted from now. */
export function firstDueAt({ cron, timeZone, enabled }: Pick<DueSchedule, "cron" | "timeZone" | "enabled">, now: number): number | null {
  return enabled ? new DueTimes(cron, timeZone).after(now) : null;
}
