import type { DatabaseSync } from "node:sqlite";
import type { Logger } from "#log";
import { StoreCorrupt } from "#store/errors";
import type { DueOutcome, DueSchedule, ScheduleRow, ScheduleSettings, ScheduleStore, StarterFilter } from "#store/schedule-store";
import { reading } from "#store/sqlite/failure";
import { numberOrNull, type Row } from "#store/sqlite/rows";
import { definitionText, readSchedule, SCHEDULE_COLUMNS, scheduleRow, storedSchedule } from "#store/sqlite/schedule-row";
import { starterQuery } from "#store/sqlite/starter-query";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change } from "#store/store";

export interface ScheduleStoreParts {
  readonly writer: Writer;
  readonly reader: DatabaseSync;
  readonly changed: (change: Change) => void;
  readonly log: Pick<Logger, "error">;
}

export class SqliteSchedules implements ScheduleStore {
  readonly #parts: ScheduleStoreParts;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(parts: ScheduleStoreParts) {
    this.#parts = parts;
    this.#read = prepareReads(parts.reader);
  }

  create(tenantId: string, schedule: ScheduleRow): Promise<void> {
    return this.#telling(schedule.id, this.#parts.writer.write("createSchedule", [storedSchedule(tenantId, schedule)]));
  }

  update(tenantId: string, id: string, settings: ScheduleSettings, dueAt: number | null, at: number): Promise<void> {
    const change = { definition: definitionText(settings), enabled: settings.enabled, dueAt, at };
    return this.#telling(id, this.#parts.writer.write("updateSchedule", [tenantId, id, change]));
  }

  delete(tenantId: string, id: string): Promise<boolean> {
    return this.#telling(id, this.#parts.writer.write("deleteSchedule", [tenantId, id]));
  }

  async get(tenantId: string, id: string): Promise<ScheduleRow | null> {
    return reading(() => {
      const row = this.#read.one.get(tenantId, id);
      return row ? scheduleRow(readSchedule(row)) : null;
    });
  }

  async list(tenantId: string, filter: StarterFilter): Promise<readonly ScheduleRow[]> {
    const { sql, values } = starterQuery("schedules", SCHEDULE_COLUMNS, tenantId, filter);
    return reading(() => {
      const rows = this.#parts.reader.prepare(sql).all(...values);
      return rows.map((row) => scheduleRow(readSchedule(row)));
    });
  }

  async due(at: number, limit: number): Promise<readonly DueSchedule[]> {
    return reading(() => this.#read.due.all(at, limit).flatMap((row) => this.#whole(row)));
  }

  /** A damaged schedule starts nothing, and holds up none of the others. */
  #whole(row: Row): readonly DueSchedule[] {
    try {
      const stored = readSchedule(row);
      return stored.dueAt === null ? [] : [{ ...scheduleRow(stored), tenantId: stored.tenantId, dueAt: stored.dueAt }];
    } catch (error) {
      if (!(error instanceof StoreCorrupt)) throw error;
      this.#parts.log.error({ err: error }, "a schedule is damaged and starts nothing");
      return [];
    }
  }

  async nextDueAt(after: number): Promise<number | null> {
    return reading(() => numberOrNull(this.#read.nextDueAt.get(after) ?? { at: null }, "at"));
  }

  settle(tenantId: string, id: string, seen: number, outcome: DueOutcome): Promise<void> {
    return this.#telling(id, this.#parts.writer.write("settleSchedule", [tenantId, id, seen, outcome]));
  }

  async #telling<T>(id: string, written: Promise<T>): Promise<T> {
    const result = await written;
    this.#parts.changed({ kind: "schedule", id });
    return result;
  }
}

function prepareReads(database: DatabaseSync) {
  const select = `SELECT ${SCHEDULE_COLUMNS} FROM schedules`;
  return {
    one: database.prepare(`${select} WHERE tenant_id = ? AND id = ?`),
    due: database.prepare(`${select} INDEXED BY schedules_due WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?`),
    nextDueAt: database.prepare("SELECT min(due_at) AS at FROM schedules INDEXED BY schedules_due WHERE due_at IS NOT NULL AND due_at > ?"),
  };
}
