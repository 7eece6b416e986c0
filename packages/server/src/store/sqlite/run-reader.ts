import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import type { Json, JsonObject } from "@millrace/contract";
import type { Entry, RunFinished } from "@millrace/engine";
import { JournalCorrupt } from "#store/errors";
import type { RunFilter } from "#store/run-filter";
import type { HistoryFilter } from "#store/run-history";
import type { RunTally } from "#store/run-tally";
import { number, numberOrNull, text } from "#store/sql/rows";
import { RUN_COLUMNS, readRun, type StoredRun } from "#store/sql/run-row";
import { readSleeper, SLEEPER_COLUMNS } from "#store/sql/sleeper-row";
import { reading } from "#store/sqlite/failure";
import { historyQuery, type IdSpan, idRanges } from "#store/sqlite/history-query";
import type { JournalReader } from "#store/sqlite/journal-reader";
import { countQuery, type ListQuery, listQuery } from "#store/sqlite/list-query";
import { readTally, tallyQuery } from "#store/sqlite/run-tally";
import type { AcceptedUnder, HistoryPage, JournalPart, RunContents, RunRow, Sleep } from "#store/store";

/** Reads runs through a connection that cannot write. No statement is ever open over an await. */
export class RunReader {
  readonly #database: DatabaseSync;
  readonly #journals: JournalReader;
  readonly #byId: StatementSync;
  readonly #firstId: StatementSync;
  readonly #lastId: StatementSync;
  readonly #unfinished: StatementSync;
  readonly #acceptedUnder: StatementSync;
  readonly #sleeper: StatementSync;
  readonly #nextWakeAt: StatementSync;
  readonly #listedUnder: StatementSync;
  readonly #listed: StatementSync;
  /** One statement for each combination of filters that was asked for: a few dozen at most. */
  readonly #lists = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, journals: JournalReader) {
    this.#database = database;
    this.#journals = journals;
    this.#byId = database.prepare(`SELECT ${RUN_COLUMNS} FROM runs WHERE tenant_id = ? AND id = ?`);
    this.#firstId = database.prepare("SELECT id FROM runs WHERE tenant_id = ? ORDER BY id LIMIT 1");
    this.#lastId = database.prepare("SELECT id FROM runs WHERE tenant_id = ? ORDER BY id DESC LIMIT 1");
    // Both read the index alone, which has each run a second time.
    const listed = "SELECT 1 FROM runs INDEXED BY runs_workflow WHERE tenant_id = ?";
    this.#listedUnder = database.prepare(`${listed} AND workflow_id = ? AND id = ?`);
    this.#listed = database.prepare(`${listed} AND workflow_id IN (SELECT id FROM workflows WHERE tenant_id = ?) AND id = ?`);
    this.#acceptedUnder = database.prepare(`
      SELECT run_id, request_hash FROM idempotency_keys WHERE tenant_id = ? AND key_id = ? AND key = ? AND forgotten_at > ?`);
    this.#sleeper = database.prepare(`SELECT ${SLEEPER_COLUMNS} FROM sleepers WHERE tenant_id = ? AND run_id = ?`);
    this.#nextWakeAt = database.prepare("SELECT min(wakes_at) AS at FROM sleepers WHERE wakes_at IS NOT NULL");
    this.#unfinished = database.prepare("SELECT count(*) AS count FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL");
  }

  /** The run's row; null: unknown to this tenant and workflow. */
  find(tenantId: string, workflowId: string | null, runId: string): StoredRun | null {
    return reading(() => {
      const row = this.#byId.get(tenantId, runId);
      if (row !== undefined) {
        const stored = readRun(row);
        return workflowId === null || stored.run.workflowId === workflowId ? stored : null;
      }
      if (this.#isListed(tenantId, workflowId, runId)) throw new JournalCorrupt(runId, "its row is missing");
      return null;
    });
  }

  /** Is there a trace of the run? Where its row is gone, that is damage and not an unknown run. */
  #isListed(tenantId: string, workflowId: string | null, runId: string): boolean {
    const row = workflowId === null ? this.#listed.get(tenantId, tenantId, runId) : this.#listedUnder.get(tenantId, workflowId, runId);
    return row !== undefined;
  }

  async view(tenantId: string, workflowId: string | null, runId: string): Promise<RunContents | null> {
    const stored = this.find(tenantId, workflowId, runId);
    if (stored === null) return null;
    const { run } = stored;
    if (run.errorType === JOURNAL_CORRUPT.type) return this.#viewDamaged(stored);
    const { first, last } = reading(() => this.#journals.ends(stored));
    const lastAt = `/${last.count - 1}`;
    const wanted = first === last ? ["/0/input", lastAt] : ["/0/input"];
    // The output is often made of the input: an equal large value is one in memory.
    const loaded = new Map<string, Json>();
    const beginning = await this.#journals.decode(runId, first, { wanted, loaded });
    if (run.endedAt === null) return { ...run, input: inputOf(runId, beginning), output: null, error: null };
    const ending = first === last ? beginning : await this.#journals.decode(runId, last, { wanted: [lastAt], loaded });
    return { ...run, input: inputOf(runId, beginning), ...endOf(run, ending.at(-1)) };
  }

  /** A run that was ended because its journal is damaged: its input may still be whole. */
  async #viewDamaged(stored: StoredRun): Promise<RunContents> {
    const { run } = stored;
    const first = reading(() => this.#journals.first(stored));
    const beginning = await this.#journals.decode(run.id, first, { wanted: ["/0/input"] });
    return { ...run, input: inputOf(run.id, beginning), output: null, error: JOURNAL_CORRUPT };
  }

  async journal(tenantId: string, runId: string): Promise<readonly Entry[]> {
    const stored = this.find(tenantId, null, runId);
    return stored === null ? [] : this.#journals.contents(stored);
  }

  async *journalFrom(tenantId: string, runId: string, from: number): AsyncGenerator<JournalPart> {
    const stored = this.find(tenantId, null, runId);
    if (stored !== null) yield* this.#journals.parts(stored, from);
  }

  list(tenantId: string, filter: RunFilter): readonly RunRow[] {
    const { sql, values } = listQuery(tenantId, filter);
    return reading(() =>
      this.#statement(sql)
        .all(...values)
        .map((row) => readRun(row).run),
    );
  }

  count(tenantId: string, filter: RunFilter): number {
    const { sql, values } = countQuery(tenantId, filter);
    return reading(() => number(this.#statement(sql).get(...values) ?? {}, "count"));
  }

  tallies(tenantId: string, from: number, to: number): readonly RunTally[] {
    const { sql, values } = tallyQuery(tenantId, from, to);
    return reading(() =>
      this.#statement(sql)
        .all(...values)
        .map(readTally),
    );
  }

  async history(tenantId: string, filter: HistoryFilter, page: { readonly offset: number; readonly limit: number }): Promise<HistoryPage> {
    const rows: RunRow[] = [];
    let total = 0;
    const span = this.#idSpan(tenantId);
    for (const range of span ? idRanges(filter, span) : []) {
      const query = historyQuery(tenantId, filter, range);
      const count = this.#countOf(query);
      const skipped = Math.max(0, page.offset - total);
      if (rows.length < page.limit && skipped < count) rows.push(...this.#rowsOf(query, page.limit - rows.length, skipped));
      total += count;
      if (count > 0) await setImmediate();
    }
    return { total, rows };
  }

  /** null: the tenant has no run. */
  #idSpan(tenantId: string): IdSpan | null {
    return reading(() => {
      const [first, last] = [this.#firstId.get(tenantId), this.#lastId.get(tenantId)];
      return first && last ? { first: text(first, "id"), last: text(last, "id") } : null;
    });
  }

  #countOf({ sql, values }: ListQuery): number {
    return reading(() => number(this.#statement(`SELECT count(*) AS count FROM runs ${sql}`).get(...values) ?? {}, "count"));
  }

  #rowsOf({ sql, values }: ListQuery, limit: number, offset: number): readonly RunRow[] {
    const statement = this.#statement(`SELECT ${RUN_COLUMNS} FROM runs ${sql} ORDER BY id DESC LIMIT ? OFFSET ?`);
    return reading(() => statement.all(...values, limit, offset).map((row) => readRun(row).run));
  }

  #statement(sql: string): StatementSync {
    const statement = this.#lists.get(sql) ?? this.#database.prepare(sql);
    this.#lists.set(sql, statement);
    return statement;
  }

  acceptedUnder(tenantId: string, keyId: string, key: string, now: number): AcceptedUnder | null {
    return reading(() => {
      const row = this.#acceptedUnder.get(tenantId, keyId, key, now);
      return row === undefined ? null : { runId: text(row, "run_id"), requestHash: text(row, "request_hash") };
    });
  }

  asleep(tenantId: string, runId: string): Sleep | null {
    return reading(() => {
      const row = this.#sleeper.get(tenantId, runId);
      return row === undefined ? null : readSleeper(row);
    });
  }

  nextWakeAt(): number | null {
    return reading(() => numberOrNull(this.#nextWakeAt.get() ?? {}, "at"));
  }

  countUnfinished(): number {
    return reading(() => number(this.#unfinished.get() ?? {}, "count"));
  }
}

function inputOf(runId: string, entries: readonly Entry[]): JsonObject {
  const [accepted] = entries;
  if (accepted?.type !== "run-accepted" || accepted.runId !== runId)
    throw new JournalCorrupt(runId, "it does not begin with the run's acceptance");
  return accepted.input;
}

function endOf(run: RunRow, last: Entry | undefined): Pick<RunContents, "output" | "error"> {
  if (last?.type !== "run-finished") throw new JournalCorrupt(run.id, "it does not end with the run's end");
  if (last.status !== run.status) throw new JournalCorrupt(run.id, "its row and its end differ");
  return { output: last.output ?? null, error: errorOf(last) };
}

/** The error of a run that the store itself ended, because its journal was found damaged when it was to go on. `code` is the wire's integer of an internal error. */
export const JOURNAL_CORRUPT = {
  code: 50_000,
  type: "journal_corrupt",
  message: "The stored journal of this run is damaged, so the run cannot go on.",
} as const;

/** Only what the wire names; what the engine keeps beside it stays here. */
function errorOf({ error }: RunFinished): RunContents["error"] {
  if (!error) return null;
  const { code, type, message, nodeId, nodeName } = error;
  return { code, type, message, ...(nodeId !== undefined && { nodeId }), ...(nodeName !== undefined && { nodeName }) };
}
