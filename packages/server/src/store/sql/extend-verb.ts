import { sealSegment } from "#store/journal/chain";
import { type ApprovalColumns, PUT_APPROVAL } from "#store/sql/approval-row";
import { addUsage } from "#store/sql/ledger";
import { runEnded } from "#store/sql/outbox";
import { type IdentityColumns, identityOf, type SegmentColumns, type SummaryColumns, summaryOf } from "#store/sql/run-columns";
import { runChecksum } from "#store/sql/run-row";
import { type Placed, SEGMENT_COLUMNS, type SegmentPlaces } from "#store/sql/segment-places";
import { ASLEEP } from "#store/sql/sleepers";
import { change, last, run, type Steps } from "#store/sql/steps";
import type { UsageColumns } from "#store/sql/usage-row";

const NONE: readonly never[] = [];

// One statement of a database that takes both changes in one: a way to it and back is dearer than what is done there.
const EXTEND = `
  WITH own AS (
    UPDATE runs SET status = ?, started_at = ?, ended_at = ?, execution_ms = ?, total_cost = ?, total_tokens = ?, error_type = ?, entries = ?,
      last_segment = ?, checksum = ?
    WHERE tenant_id = ? AND id = ? AND fence = ? AND last_segment = ? AND ended_at IS NULL AND owner <> '${ASLEEP}' RETURNING 1
  )
  INSERT INTO journal (${SEGMENT_COLUMNS})
  SELECT CAST(? AS BIGINT), ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), ?, ? FROM own`;

/** What a run's journal has come to, as the only one who writes it knows it: id, entries, first and last segment, hash, webhooks. */
export type EndColumns = readonly [
  identity: IdentityColumns,
  entries: number,
  firstSegment: number,
  lastSegment: number,
  hash: string,
  webhooks: number,
];

export function extendVerb(places: SegmentPlaces) {
  return {
    /** The same behind an end that the run's holder knows, on a database that joins changes; null: the run is no longer its, or the end is another. */
    *extend(
      tenantId: string,
      fence: number,
      isHosted: boolean,
      [identity, seq, firstSegment, lastSegment, lastHash, webhooks]: EndColumns,
      summary: SummaryColumns,
      [count, entries]: SegmentColumns,
      approvals: readonly ApprovalColumns[] = NONE,
      usage: readonly UsageColumns[] = NONE,
    ): Steps<Placed | null> {
      const accepted = identityOf(identity);
      const { id } = accepted;
      const amounts = summaryOf(summary);
      const position = yield* places.next(lastSegment);
      const { format, bytes, hash, text } = sealSegment(lastHash, id, seq, count, entries);
      const checksum = runChecksum(tenantId, accepted, amounts, seq + count, firstSegment, position, webhooks);
      const row = [...summary, seq + count, position, checksum, tenantId, id, fence, lastSegment] as const;
      const segment = [position, tenantId, id, seq, count, lastSegment, format, bytes, hash, text] as const;
      const isPlain = webhooks === 0 && approvals.length === 0 && usage.length === 0;
      const both = change(EXTEND, ...row, ...segment);
      if ((yield isPlain ? last(both, isHosted) : both).changes !== 1) return null;
      for (const approval of approvals) yield* run(PUT_APPROVAL, ...approval);
      if (usage.length > 0) yield* addUsage(tenantId, accepted, seq, usage);
      if (webhooks > 0 && amounts.endedAt !== null) yield* runEnded(tenantId, id, amounts.endedAt);
      return [position, hash];
    },
  };
}
