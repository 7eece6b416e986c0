import type { CatchUp, JsonObject } from "@millrace/contract";

/** Schedules, and when each falls due next. */
export interface ScheduleStore {
  /** Rejects with `NotFound` where the workflow is not known. */
  create(tenantId: string, schedule: ScheduleRow): Promise<void>;
  /** Replaces its settings and its due time; what came of its due times stays. Rejects with `NotFound`. */
  update(tenantId: string, id: string, settings: ScheduleSettings, dueAt: number | null, at: number): Promise<void>;
  /** False where there is none. */
  delete(tenantId: string, id: string): Promise<boolean>;
  get(tenantId: string, id: string): Promise<ScheduleRow | null>;
  /** Newest first; `before` is the id of the last one seen. */
  list(tenantId: string, filter: StarterFilter): Promise<readonly ScheduleRow[]>;
  /** Those of all tenants that are due at this time, the longest due first. */
  due(at: number, limit: number): Promise<readonly DueSchedule[]>;
  /** The earliest time after this one at which a schedule falls due; null: none does. */
  nextDueAt(after: number): Promise<number | null>;
  /** Notes what came of a due time, and when the schedule falls due next. One that was changed since `seen` keeps its own due time. */
  settle(tenantId: string, id: string, seen: number, outcome: DueOutcome): Promise<void>;
}

export interface ScheduleSettings {
  /** "" for none. */
  readonly name: string;
  /** null: the one that is live at each due time. */
  readonly version: string | null;
  /** Five fields. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly catchUp: CatchUp;
  readonly input: JsonObject;
  readonly userId: string | null;
  readonly enabled: boolean;
}

export interface ScheduleRow extends ScheduleSettings {
  /** 24 hex characters. */
  readonly id: string;
  readonly workflowId: string;
  /** null: paused, or never again. */
  readonly dueAt: number | null;
  /** The last due time that was seen to, the run that came of it, or why none did. */
  readonly lastDueAt: number | null;
  readonly lastRunId: string | null;
  readonly lastError: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface DueSchedule extends ScheduleRow {
  readonly tenantId: string;
  readonly dueAt: number;
}

export interface DueOutcome {
  readonly dueAt: number | null;
  /** Absent: nothing was to come of it. */
  readonly last?: { readonly dueAt: number; readonly runId: string | null; readonly error: string | null };
  /** False: it is paused, because it can never succeed. */
  readonly enabled: boolean;
}

export interface StarterFilter {
  readonly limit: number;
  readonly before?: string;
  readonly workflowId?: string;
}
