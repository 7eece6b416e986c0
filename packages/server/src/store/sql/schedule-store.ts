import type { Logger } from "#log";
import { StoreCorrupt } from "#store/errors";
import type { DueOutcome, DueSchedule, ScheduleRow, ScheduleSettings, ScheduleStore, StarterFilter } from "#store/schedule-store";
import type { SqlDatabase } from "#store/sql/database";
import { numberOrNull, type Row } from "#store/sql/rows";
import { definitionText, readSchedule, SCHEDULE_COLUMNS, scheduleRow, storedSchedule } from "#store/sql/schedule-row";
import { starters } from "#store/sql/starter-query";
import { all, one } from "#store/sql/steps";

const SELECT = `SELECT ${SCHEDULE_COLUMNS} FROM schedules`;
const DUE = `${SELECT} INDEXED BY schedules_due WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?`;
const NEXT_DUE = "SELECT min(due_at) AS at FROM schedules INDEXED BY schedules_due WHERE due_at IS NOT NULL AND due_at > ?";

export class SqlSchedules implements ScheduleStore {
  readonly #database: SqlDatabase;
  readonly #log: Pick<Logger, "error">;

  constructor(database: SqlDatabase, log: Pick<Logger, "error">) {
    this.#database = database;
    this.#log = log;
  }

  create(tenantId: string, schedule: ScheduleRow): Promise<void> {
    return this.#telling(schedule.id, this.#database.write("createSchedule", [storedSchedule(tenantId, schedule)]));
  }

  update(tenantId: string, id: string, settings: ScheduleSettings, dueAt: number | null, at: number): Promise<void> {
    const change = { definition: definitionText(settings), enabled: settings.enabled, dueAt, at };
    return this.#telling(id, this.#database.write("updateSchedule", [tenantId, id, change]));
  }

  delete(tenantId: string, id: string): Promise<boolean> {
    return this.#telling(id, this.#database.write("deleteSchedule", [tenantId, id]));
  }

  async get(tenantId: string, id: string): Promise<ScheduleRow | null> {
    const row = await this.#database.read(one(`${SELECT} WHERE tenant_id = ? AND id = ?`, tenantId, id));
    return row ? scheduleRow(readSchedule(row)) : null;
  }

  async list(tenantId: string, filter: StarterFilter): Promise<readonly ScheduleRow[]> {
    const rows = await this.#database.read(starters("schedules", SCHEDULE_COLUMNS, tenantId, filter));
    return rows.map((row) => scheduleRow(readSchedule(row)));
  }

  async due(at: number, limit: number): Promise<readonly DueSchedule[]> {
    return (await this.#database.read(all(DUE, at, limit))).flatMap((row) => this.#whole(row));
  }

  /** A damaged schedule starts nothing, and holds up none of the others. */
  #whole(row: Row): readonly DueSchedule[] {
    try {
      const stored = readSchedule(row);
      return stored.dueAt === null ? [] : [{ ...scheduleRow(stored), tenantId: stored.tenantId, dueAt: stored.dueAt }];
    } catch (error) {
      if (!(error instanceof StoreCorrupt)) throw error;
      this.#log.error({ err: error }, "a schedule is damaged and starts nothing");
      return [];
    }
  }

  async nextDueAt(after: number): Promise<number | null> {
    return numberOrNull((await this.#database.read(one(NEXT_DUE, after))) ?? { at: null }, "at");
  }

  settle(tenantId: string, id: string, seen: number, outcome: DueOutcome): Promise<void> {
    return this.#telling(id, this.#database.write("settleSchedule", [tenantId, id, seen, outcome]));
  }

  async #telling<T>(id: string, written: Promise<T>): Promise<T> {
    const result = await written;
    this.#database.changed({ kind: "schedule", id });
    return result;
  }
}
