import { setImmediate } from "node:timers/promises";
import type { Json, JsonObject } from "@millrace/contract";
import type { Entry, RunFinished } from "@millrace/engine";
import { JournalCorrupt } from "#store/errors";
import { HOSTED, type LeftRun, type UnstartedRun } from "#store/hosted-runs";
import type { RunFilter } from "#store/run-filter";
import type { HistoryFilter } from "#store/run-history";
import type { RunTally } from "#store/run-tally";
import type { SqlDatabase } from "#store/sql/database";
import { historyQuery, type IdSpan, idRanges } from "#store/sql/history-query";
import { leftHosted, unstartedHosted } from "#store/sql/hosted-verbs";
import { acceptedUnder } from "#store/sql/idempotency-keys";
import { firstSegment, type JournalReader, journalEnds } from "#store/sql/journal-reader";
import { countQuery, type ListQuery, listQuery } from "#store/sql/list-query";
import { number, numberOrNull, text } from "#store/sql/rows";
import { RUN_COLUMNS, readRun, type StoredRun } from "#store/sql/run-row";
import { readTally, tallyQuery } from "#store/sql/run-tally";
import { readSleeper, SLEEPER_COLUMNS } from "#store/sql/sleeper-row";
import { ASLEEP } from "#store/sql/sleepers";
import { all, one, type Steps } from "#store/sql/steps";
import { ASIDE } from "#store/sql/suspect-verbs";
import type { AcceptedUnder, Backlog, HistoryPage, JournalPart, RunContents, RunRow, Sleep } from "#store/store";

const BY_ID = `SELECT ${RUN_COLUMNS} FROM runs WHERE tenant_id = ? AND id = ?`;
const SPAN = `
  SELECT (SELECT id FROM runs WHERE tenant_id = ? ORDER BY id LIMIT 1) AS first,
    (SELECT id FROM runs WHERE tenant_id = ? ORDER BY id DESC LIMIT 1) AS last`;
// Both read the index alone, which has each run a second time.
const LISTED = "SELECT id FROM runs INDEXED BY runs_workflow WHERE tenant_id = ?";
const LISTED_UNDER = `${LISTED} AND workflow_id = ? AND id = ?`;
const LISTED_ANYWHERE = `${LISTED} AND workflow_id IN (SELECT id FROM workflows WHERE tenant_id = ?) AND id = ?`;
const SLEEPER = `SELECT ${SLEEPER_COLUMNS} FROM sleepers WHERE tenant_id = ? AND run_id = ?`;
const NEXT_WAKE = "SELECT min(wakes_at) AS at FROM sleepers WHERE wakes_at IS NOT NULL";
const UNFINISHED = "SELECT count(*) AS count FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL";
const BACKLOG = `
  SELECT count(*) FILTER (WHERE owner <> '${HOSTED}' AND owner NOT IN (SELECT owner FROM workers)) AS undriven,
    min(accepted_at) FILTER (WHERE started_at IS NULL) AS unstarted_since
  FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL AND owner NOT IN (?, ?)`;

/** Reads runs. No statement is ever open over an await. */
export class RunReader {
  readonly #database: SqlDatabase;
  readonly #journals: JournalReader;

  constructor(database: SqlDatabase, journals: JournalReader) {
    this.#database = database;
    this.#journals = journals;
  }

  /** The run's row; null: unknown to this tenant and workflow. */
  find(tenantId: string, workflowId: string | null, runId: string): Promise<StoredRun | null> {
    return this.#database.read(find(tenantId, workflowId, runId));
  }

  async view(tenantId: string, workflowId: string | null, runId: string): Promise<RunContents | null> {
    const stored = await this.find(tenantId, workflowId, runId);
    if (stored === null) return null;
    const { run } = stored;
    if (run.errorType === JOURNAL_CORRUPT.type) return this.#viewDamaged(stored);
    const { first, last } = await this.#database.read(journalEnds(stored));
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
    const first = await this.#database.read(firstSegment(stored));
    const beginning = await this.#journals.decode(run.id, first, { wanted: ["/0/input"] });
    return { ...run, input: inputOf(run.id, beginning), output: null, error: JOURNAL_CORRUPT };
  }

  async journal(tenantId: string, runId: string): Promise<readonly Entry[]> {
    const stored = await this.find(tenantId, null, runId);
    return stored === null ? [] : this.#journals.contents(stored);
  }

  async lastEntry(tenantId: string, runId: string): Promise<Entry | null> {
    const stored = await this.find(tenantId, null, runId);
    return stored?.run.endedAt === null ? this.#journals.last(stored) : null;
  }

  async *journalFrom(tenantId: string, runId: string, from: number): AsyncGenerator<JournalPart> {
    const stored = await this.find(tenantId, null, runId);
    if (stored !== null) yield* this.#journals.parts(stored, from);
  }

  async list(tenantId: string, filter: RunFilter): Promise<readonly RunRow[]> {
    const { sql, values } = listQuery(tenantId, filter);
    return (await this.#database.read(all(sql, ...values))).map((row) => readRun(row).run);
  }

  count(tenantId: string, filter: RunFilter): Promise<number> {
    return this.#countOf(countQuery(tenantId, filter));
  }

  async tallies(tenantId: string, from: number, to: number): Promise<readonly RunTally[]> {
    const { sql, values } = tallyQuery(tenantId, from, to);
    return (await this.#database.read(all(sql, ...values))).map(readTally);
  }

  async history(tenantId: string, filter: HistoryFilter, page: { readonly offset: number; readonly limit: number }): Promise<HistoryPage> {
    const rows: RunRow[] = [];
    let total = 0;
    const span = await this.#idSpan(tenantId);
    for (const range of span ? idRanges(filter, span) : []) {
      const { sql, values } = historyQuery(tenantId, filter, range);
      const count = await this.#countOf({ sql: `SELECT count(*) AS count FROM runs ${sql}`, values });
      const skipped = Math.max(0, page.offset - total);
      if (rows.length < page.limit && skipped < count)
        rows.push(...(await this.#rowsOf({ sql, values }, page.limit - rows.length, skipped)));
      total += count;
      if (count > 0) await setImmediate();
    }
    return { total, rows };
  }

  /** null: the tenant has no run. */
  async #idSpan(tenantId: string): Promise<IdSpan | null> {
    const row = await this.#database.read(one(SPAN, tenantId, tenantId));
    return row && row["first"] !== null ? { first: text(row, "first"), last: text(row, "last") } : null;
  }

  async #countOf({ sql, values }: ListQuery): Promise<number> {
    return number((await this.#database.read(one(sql, ...values))) ?? {}, "count");
  }

  async #rowsOf({ sql, values }: ListQuery, limit: number, offset: number): Promise<readonly RunRow[]> {
    const page = `SELECT ${RUN_COLUMNS} FROM runs ${sql} ORDER BY id DESC LIMIT ? OFFSET ?`;
    return (await this.#database.read(all(page, ...values, limit, offset))).map((row) => readRun(row).run);
  }

  acceptedUnder(tenantId: string, keyId: string, key: string, now: number): Promise<AcceptedUnder | null> {
    return this.#database.read(acceptedUnder(tenantId, keyId, key, now));
  }

  async leftHosted(limit: number): Promise<readonly LeftRun[]> {
    const rows = await this.#database.read(leftHosted(limit));
    return rows.map((row) => ({ tenantId: text(row, "tenant_id"), runId: text(row, "id") }));
  }

  async unstartedHosted(before: number, limit: number): Promise<readonly UnstartedRun[]> {
    const rows = await this.#database.read(unstartedHosted(before, limit));
    return rows.map((row) => ({
      tenantId: text(row, "tenant_id"),
      runId: text(row, "id"),
      acceptedAt: number(row, "accepted_at"),
      entries: number(row, "entries"),
    }));
  }

  async asleep(tenantId: string, runId: string): Promise<Sleep | null> {
    const row = await this.#database.read(one(SLEEPER, tenantId, runId));
    return row === undefined ? null : readSleeper(row);
  }

  async nextWakeAt(): Promise<number | null> {
    return numberOrNull((await this.#database.read(one(NEXT_WAKE))) ?? {}, "at");
  }

  countUnfinished(): Promise<number> {
    return this.#countOf({ sql: UNFINISHED, values: [] });
  }

  async backlog(): Promise<Backlog> {
    const row = (await this.#database.read(one(BACKLOG, ASLEEP, ASIDE))) ?? {};
    return { undriven: number(row, "undriven"), unstartedSince: numberOrNull(row, "unstarted_since") };
  }
}

function* find(tenantId: string, workflowId: string | null, runId: string): Steps<StoredRun | null> {
  const row = yield* one(BY_ID, tenantId, runId);
  if (row !== undefined) {
    const stored = readRun(row);
    return workflowId === null || stored.run.workflowId === workflowId ? stored : null;
  }
  if (yield* isListed(tenantId, workflowId, runId)) throw new JournalCorrupt(runId, "its row is missing");
  return null;
}

/** Is there a trace of the run? Where its row is gone, that is damage and not an unknown run. */
function* isListed(tenantId: string, workflowId: string | null, runId: string): Steps<boolean> {
  const row =
    workflowId === null ? yield* one(LISTED_ANYWHERE, tenantId, tenantId, runId) : yield* one(LISTED_UNDER, tenantId, workflowId, runId);
  return row !== undefined;
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
