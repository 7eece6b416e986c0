import type { CreateScheduleBody, JsonObject, Language, UpdateScheduleBody } from "@millrace/contract";
import type { Clock } from "#clock";
import { noteTarget } from "#deed";
import { invalidMember, RequestError } from "#request-error";
import { type StartRunPorts, startRun } from "#runs/start-run";
import type { RunHandle } from "#runtime/runtime";
import { checkTarget } from "#starters/check-target";
import { DueTimes, InvalidSchedule } from "#starters/schedules/due-times";
import { firstDueAt } from "#starters/schedules/scheduler";
import { NotFound } from "#store/errors";
import type { ScheduleRow, ScheduleSettings, ScheduleStore, StarterFilter } from "#store/schedule-store";
import type { WorkflowStore } from "#store/store";

export interface SchedulesPorts extends StartRunPorts {
  readonly schedules: ScheduleStore;
  readonly workflows: WorkflowStore;
  readonly clock: Pick<Clock, "now">;
}

/** How many due times a schedule is shown with. */
const SHOWN_TIMES = 5;

/** What people do with schedules. */
export class Schedules {
  readonly #ports: SchedulesPorts;

  constructor(ports: SchedulesPorts) {
    this.#ports = ports;
  }

  list(tenantId: string, filter: StarterFilter): Promise<readonly ScheduleRow[]> {
    return this.#ports.schedules.list(tenantId, filter);
  }

  async get(tenantId: string, id: string): Promise<ScheduleRow> {
    const row = await this.#ports.schedules.get(tenantId, id);
    if (!row) throw unknownSchedule();
    return row;
  }

  /** The times at which it falls due next. */
  dueTimes({ enabled, cron, timeZone }: ScheduleRow): readonly number[] {
    return enabled ? new DueTimes(cron, timeZone).next(SHOWN_TIMES, this.#ports.clock.now()) : [];
  }

  async create(tenantId: string, { workflow: named, ...given }: CreateScheduleBody, language: Language): Promise<ScheduleRow> {
    const workflow = await this.#ports.workflows.get(tenantId, named);
    if (!workflow) throw new RequestError("not_found", { key: "not_found.workflow" });
    const settings = settingsOf(given, DEFAULTS);
    const now = this.#ports.clock.now();
    const dueAt = dueFrom(settings, now);
    await checkTarget(this.#ports, tenantId, workflow, settings.version, settings.input, language);
    const made = { id: this.#ports.ids.objectId(), workflowId: workflow.id, lastDueAt: null, lastRunId: null, lastError: null };
    const row: ScheduleRow = { ...settings, ...made, dueAt, createdAt: now, updatedAt: now };
    noteTarget("workflow", workflow.id);
    noteTarget("schedule", row.id);
    await this.#ports.schedules.create(tenantId, row);
    return row;
  }

  async update(tenantId: string, id: string, given: UpdateScheduleBody, language: Language): Promise<ScheduleRow> {
    const row = await this.get(tenantId, id);
    const settings = settingsOf(given, row);
    const now = this.#ports.clock.now();
    const dueAt = dueFrom(settings, now);
    const workflow = await this.#ports.workflows.get(tenantId, row.workflowId);
    // What is only paused need not be able to run.
    if (settings.enabled) await checkTarget(this.#ports, tenantId, workflow, settings.version, settings.input, language);
    try {
      await this.#ports.schedules.update(tenantId, id, settings, dueAt, now);
    } catch (error) {
      throw error instanceof NotFound ? unknownSchedule() : error;
    }
    return this.get(tenantId, id);
  }

  async delete(tenantId: string, id: string): Promise<void> {
    if (!(await this.#ports.schedules.delete(tenantId, id))) throw unknownSchedule();
  }

  /** One run more, by hand; its due times stay as they are. */
  async run(tenantId: string, id: string, keyId: string, language: Language): Promise<RunHandle> {
    const { workflowId, version, input, userId } = await this.get(tenantId, id);
    const workflow = await this.#ports.workflows.get(tenantId, workflowId);
    if (!workflow) throw new RequestError("workflow_deleted");
    const body = { userId, input, isAsync: true, webhook: [] };
    return startRun(this.#ports, { caller: { tenantId, keyId }, workflow, version, body, language, origin: { trigger: "manual", id } });
  }
}

const DEFAULTS: Omit<ScheduleSettings, "cron"> = {
  name: "",
  version: null,
  timeZone: "UTC",
  catchUp: "last",
  input: {},
  userId: null,
  enabled: true,
};

function settingsOf(given: UpdateScheduleBody, before: Omit<ScheduleSettings, "cron"> & { readonly cron?: string }): ScheduleSettings {
  const { name, version, timeZone, catchUp, userId, enabled } = before;
  return {
    name: given.name ?? name,
    version: given.version === undefined ? version : given.version === "live" ? null : given.version,
    cron: given.cron ?? before.cron ?? "",
    timeZone: given.timeZone ?? timeZone,
    catchUp: given.catchUp ?? catchUp,
    input: (given.input as JsonObject | undefined) ?? before.input,
    userId: given.userId ?? userId,
    enabled: given.enabled ?? enabled,
  };
}

function dueFrom(settings: ScheduleSettings, now: number): number | null {
  try {
    const dueAt = firstDueAt(settings, now);
    if (settings.enabled && dueAt === null) throw new InvalidSchedule("cron", `"${settings.cron}" never falls due`);
    return dueAt;
  } catch (error) {
    if (!(error instanceof InvalidSchedule)) throw error;
    throw invalidMember(`/${error.member}`, `${error.member}: ${error.message}`);
  }
}

function unknownSchedule(): RequestError {
  return new RequestError("not_found", { key: "not_found.schedule" });
}
