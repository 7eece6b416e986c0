import type { DatabaseSync } from "node:sqlite";
import { Fenced, JournalCorrupt } from "#store/errors";
import { CHAIN_START, sealSegment } from "#store/journal/chain";
import type { ApprovalColumns } from "#store/sql/approval-row";
import { addUsage } from "#store/sql/ledger";
import { addDeliveries, runEnded, type TargetColumns } from "#store/sql/outbox";
import { number, type Row, textOrNull } from "#store/sql/rows";
import {
  type IdentityColumns,
  identityOf,
  type SegmentColumns,
  type SleepColumns,
  type SummaryColumns,
  summaryOf,
} from "#store/sql/run-columns";
import { RUN_COLUMNS, readRun, runChecksum } from "#store/sql/run-row";
import type { UsageColumns } from "#store/sql/usage-row";
import { finish } from "#store/sqlite/finish";
import { ApprovalWriter } from "#store/sqlite/writer/approvals";
import { IdempotencyKeys } from "#store/sqlite/writer/idempotency-keys";
import { ASLEEP, Sleepers } from "#store/sqlite/writer/sleepers";
import type { IdempotencyKey } from "#store/store";

// The hottest statements of the server.

const NONE: readonly never[] = [];

/** No owner: the run waits for one, or needs none any more. */
export const NOBODY = "";

export function runVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  const log = new SegmentLog(database);
  const keys = new IdempotencyKeys(database);
  const questions = new ApprovalWriter(database);
  const sleepers = new Sleepers(database);
  return {
    /** The row and the first segment of a run that did not exist, the deliveries that its end makes due, and what it paid for. Throws IdempotencyKeyTaken. */
    accept(
      tenantId: string,
      owner: string,
      identity: IdentityColumns,
      summary: SummaryColumns,
      [count, entries]: SegmentColumns,
      once: IdempotencyKey | null = null,
      webhooks: readonly TargetColumns[] = NONE,
      approvals: readonly ApprovalColumns[] = NONE,
      usage: readonly UsageColumns[] = NONE,
    ): void {
      if (once) keys.take(tenantId, once, identity[0]);
      const run = identityOf(identity);
      const { id } = run;
      const amounts = summaryOf(summary);
      const position = log.next();
      const checksum = runChecksum(tenantId, run, amounts, count, position, position, webhooks.length);
      const ownedBy = amounts.endedAt === null ? owner : NOBODY;
      sql.insertRun.run(tenantId, ...identity, ownedBy, ...summary, count, position, position, webhooks.length, checksum);
      const { format, bytes, hash, text } = sealSegment(CHAIN_START, id, 0, count, entries);
      sql.insertSegment.run(position, tenantId, id, 0, count, null, format, bytes, hash, text);
      if (webhooks.length > 0) finish(database, addDeliveries(tenantId, run, webhooks, amounts.endedAt));
      questions.put(approvals);
      if (usage.length > 0) finish(database, addUsage(tenantId, run, 0, usage));
    },

    /**
     * A segment behind the last one, and what the journal amounts to now. True: that made deliveries due. Throws Fenced, or JournalCorrupt
     * where the row is not what was written.
     */
    append(
      tenantId: string,
      runId: string,
      fence: number,
      summary: SummaryColumns,
      [count, entries]: SegmentColumns,
      approvals: readonly ApprovalColumns[] = NONE,
      usage: readonly UsageColumns[] = NONE,
    ): true | undefined {
      const row = sql.open.get(tenantId, runId, fence);
      if (!row) throw new Fenced(runId);
      const { run, entries: seq, firstSegment, lastSegment, webhooks } = readRun(row);
      const hash = textOrNull(row, "last_hash");
      if (hash === null) throw new JournalCorrupt(runId, `the segment at ${lastSegment} is missing`);
      const position = log.next();
      const segment = sealSegment(hash, runId, seq, count, entries);
      const { format, bytes, text } = segment;
      sql.insertSegment.run(position, tenantId, runId, seq, count, lastSegment, format, bytes, segment.hash, text);
      const amounts = summaryOf(summary);
      const checksum = runChecksum(tenantId, run, amounts, seq + count, firstSegment, position, webhooks);
      const { changes } = sql.updateRun.run(...summary, seq + count, position, checksum, tenantId, runId, fence);
      if (changes !== 1) throw new Fenced(runId);
      questions.put(approvals);
      if (usage.length > 0) finish(database, addUsage(tenantId, run, seq, usage));
      if (webhooks === 0 || amounts.endedAt === null) return;
      finish(database, runEnded(tenantId, runId, amounts.endedAt));
      return true;
    },

    /** The run is nobody's until it is woken. Throws Fenced. */
    sleep(tenantId: string, runId: string, fence: number, sleep: SleepColumns): void {
      if (sql.fallAsleep.run(ASLEEP, tenantId, runId, fence, ASLEEP).changes !== 1) throw new Fenced(runId);
      sleepers.add(tenantId, runId, sleep);
    },
  };
}

/** Hands out the places of segments: one after the other over all runs, so that appending fills one page after the other. */
class SegmentLog {
  #last: number;

  constructor(database: DatabaseSync) {
    const row: Row | undefined = database.prepare("SELECT coalesce(max(position), 0) AS last FROM journal").get();
    this.#last = row ? number(row, "last") : 0;
  }

  /** A place is used once: one whose transaction is rolled back stays empty. */
  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

function prepare(database: DatabaseSync) {
  return {
    insertRun: database.prepare(`
      INSERT INTO runs (tenant_id, id, workflow_id, workflow_name, version, user_id, key_id, accepted_at, started_by, starter_id, owner, fence, status, started_at, ended_at,
        execution_ms, total_cost, total_tokens, error_type, entries, first_segment, last_segment, webhooks, checksum)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    insertSegment: database.prepare(`
      INSERT INTO journal (position, tenant_id, run_id, seq, count, previous, format, bytes, hash, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    // The run as its holder knows it, with the end of its chain.
    open: database.prepare(`
      SELECT ${RUN_COLUMNS}, (SELECT hash FROM journal WHERE position = last_segment AND run_id = runs.id) AS last_hash
      FROM runs WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL AND owner <> '${ASLEEP}'`),
    fallAsleep: database.prepare(
      "UPDATE runs SET owner = ? WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL AND owner <> ?",
    ),
    updateRun: database.prepare(`
      UPDATE runs SET status = ?, started_at = ?, ended_at = ?, execution_ms = ?, total_cost = ?, total_tokens = ?, error_type = ?, entries = ?,
        last_segment = ?, checksum = ?
      WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL`),
  };
}
