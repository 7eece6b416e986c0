import { Fenced, JournalCorrupt } from "#store/errors";
import { HOSTED } from "#store/hosted-runs";
import { CHAIN_START, sealSegment } from "#store/journal/chain";
import { type ApprovalColumns, PUT_APPROVAL } from "#store/sql/approval-row";
import { takeIdempotencyKey } from "#store/sql/idempotency-keys";
import { addUsage } from "#store/sql/ledger";
import { addDeliveries, runEnded, type TargetColumns } from "#store/sql/outbox";
import { textOrNull } from "#store/sql/rows";
import {
  type IdentityColumns,
  identityOf,
  type SegmentColumns,
  type SleepColumns,
  type SummaryColumns,
  summaryOf,
} from "#store/sql/run-columns";
import { RUN_COLUMNS, readRun, runChecksum } from "#store/sql/run-row";
import { type Placed, SEGMENT_COLUMNS, type SegmentPlaces } from "#store/sql/segment-places";
import { ASLEEP, addSleeper } from "#store/sql/sleepers";
import { change, insert, last, one, run, type Steps } from "#store/sql/steps";
import type { UsageColumns } from "#store/sql/usage-row";
import type { IdempotencyKey } from "#store/store";

// The hottest statements of the server.

const NONE: readonly never[] = [];

/** No owner: the run waits for one, or needs none any more. */
export const NOBODY = "";

const INSERT_RUN = `INSERT INTO runs (tenant_id, id, workflow_id, workflow_name, version, user_id, key_id, accepted_at, started_by, starter_id, owner, fence, status, started_at, ended_at,
    execution_ms, total_cost, total_tokens, error_type, entries, first_segment, last_segment, webhooks, checksum)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT_SEGMENT = insert("journal", SEGMENT_COLUMNS);
// Both in one statement, on a database that joins changes.
const INSERT_BOTH = `WITH born AS (${INSERT_RUN}) ${INSERT_SEGMENT}`;
// The run as its holder knows it, with the end of its chain.
const OPEN = `
  SELECT ${RUN_COLUMNS}, (SELECT hash FROM journal WHERE position = last_segment AND run_id = runs.id) AS last_hash
  FROM runs WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL AND owner <> '${ASLEEP}'`;
const FALL_ASLEEP = "UPDATE runs SET owner = ? WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL AND owner <> ?";
const UPDATE_RUN = `
  UPDATE runs SET status = ?, started_at = ?, ended_at = ?, execution_ms = ?, total_cost = ?, total_tokens = ?, error_type = ?, entries = ?,
    last_segment = ?, checksum = ?
  WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL`;

/** `joins`: two changes are one statement. */
export function runVerbs(places: SegmentPlaces, joins: boolean) {
  return {
    /**
     * The row and the first segment of a run that did not exist, the deliveries that its end makes due, and what it paid for; where the segment
     * is, if the database joins changes. Throws IdempotencyKeyTaken.
     */
    *accept(
      tenantId: string,
      owner: string,
      identity: IdentityColumns,
      summary: SummaryColumns,
      [count, entries]: SegmentColumns,
      once: IdempotencyKey | null = null,
      webhooks: readonly TargetColumns[] = NONE,
      approvals: readonly ApprovalColumns[] = NONE,
      usage: readonly UsageColumns[] = NONE,
    ): Steps<Placed | undefined> {
      if (once) yield* takeIdempotencyKey(tenantId, once, identity[0]);
      const accepted = identityOf(identity);
      const { id } = accepted;
      const amounts = summaryOf(summary);
      const position = yield* places.next(0);
      const checksum = runChecksum(tenantId, accepted, amounts, count, position, position, webhooks.length);
      const ownedBy = amounts.endedAt === null ? owner : NOBODY;
      const row = [tenantId, ...identity, ownedBy, ...summary, count, position, position, webhooks.length, checksum] as const;
      const { format, bytes, hash, text } = sealSegment(CHAIN_START, id, 0, count, entries);
      const segment = [position, tenantId, id, 0, count, null, format, bytes, hash, text] as const;
      const isPlain = !once && webhooks.length === 0 && approvals.length === 0 && usage.length === 0;
      if (joins) {
        const both = change(INSERT_BOTH, ...row, ...segment);
        yield isPlain ? last(both, owner === HOSTED) : both;
      } else {
        yield change(INSERT_RUN, ...row);
        yield change(INSERT_SEGMENT, ...segment);
      }
      if (webhooks.length > 0) yield* addDeliveries(tenantId, accepted, webhooks, amounts.endedAt);
      for (const row of approvals) yield* run(PUT_APPROVAL, ...row);
      if (usage.length > 0) yield* addUsage(tenantId, accepted, 0, usage);
      return joins ? [position, hash] : undefined;
    },

    /**
     * A segment behind the last one, and what the journal amounts to now. True: that made deliveries due. Throws Fenced, or JournalCorrupt
     * where the row is not what was written.
     */
    *append(
      tenantId: string,
      runId: string,
      fence: number,
      summary: SummaryColumns,
      [count, entries]: SegmentColumns,
      approvals: readonly ApprovalColumns[] = NONE,
      usage: readonly UsageColumns[] = NONE,
    ): Steps<true | undefined> {
      const row = yield* one(OPEN, tenantId, runId, fence);
      if (!row) throw new Fenced(runId);
      const { run: accepted, entries: seq, firstSegment, lastSegment, webhooks } = readRun(row);
      const hash = textOrNull(row, "last_hash");
      if (hash === null) throw new JournalCorrupt(runId, `the segment at ${lastSegment} is missing`);
      const position = yield* places.next(lastSegment);
      const segment = sealSegment(hash, runId, seq, count, entries);
      const { format, bytes, text } = segment;
      yield change(INSERT_SEGMENT, position, tenantId, runId, seq, count, lastSegment, format, bytes, segment.hash, text);
      const amounts = summaryOf(summary);
      const checksum = runChecksum(tenantId, accepted, amounts, seq + count, firstSegment, position, webhooks);
      if ((yield change(UPDATE_RUN, ...summary, seq + count, position, checksum, tenantId, runId, fence)).changes !== 1)
        throw new Fenced(runId);
      for (const approval of approvals) yield* run(PUT_APPROVAL, ...approval);
      if (usage.length > 0) yield* addUsage(tenantId, accepted, seq, usage);
      if (webhooks === 0 || amounts.endedAt === null) return undefined;
      yield* runEnded(tenantId, runId, amounts.endedAt);
      return true;
    },

    /** The run is nobody's until it is woken. Throws Fenced. */
    *sleep(tenantId: string, runId: string, fence: number, sleep: SleepColumns): Steps<void> {
      if ((yield* run(FALL_ASLEEP, ASLEEP, tenantId, runId, fence, ASLEEP)) !== 1) throw new Fenced(runId);
      yield* addSleeper(tenantId, runId, sleep);
    },
  };
}
