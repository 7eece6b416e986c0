import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Entry } from "@millrace/engine";
import { Fenced } from "#store/errors";
import { CHAIN_START, type SegmentRow, sealSegment } from "#store/journal/chain";
import { encodeSegment, type NewBlob } from "#store/journal/encode";
import { checkAcceptance, checkAppend } from "#store/run-guards";
import type { BlobFiles } from "#store/sqlite/blob-files";
import { SqliteClaim } from "#store/sqlite/claim";
import type { Committer } from "#store/sqlite/committer";
import { isFatal } from "#store/sqlite/failure";
import { runChecksum } from "#store/sqlite/run-row";
import type { Claim, NewRun, RunSummary } from "#store/store";

/** Writes runs: the hottest path of the server. All that can be computed is computed outside of the transaction. */
export class RunWriter {
  readonly #committer: Committer;
  readonly #blobs: BlobFiles;
  readonly #insertRun: StatementSync;
  readonly #insertSegment: StatementSync;
  readonly #appendSegment: StatementSync;
  readonly #updateRun: StatementSync;

  constructor(database: DatabaseSync, committer: Committer, blobs: BlobFiles) {
    this.#committer = committer;
    this.#blobs = blobs;
    this.#insertRun = database.prepare(`
      INSERT INTO runs (tenant_id, id, workflow_id, workflow_name, version, user_id, key_id, accepted_at, owner, fence, status, started_at, ended_at,
        execution_ms, total_cost, total_tokens, error_type, entries, checksum)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#insertSegment = database.prepare(
      "INSERT INTO journal (tenant_id, run_id, seq, count, format, bytes, hash, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    // The check of the fence and the append are one statement.
    this.#appendSegment = database.prepare(`
      INSERT INTO journal (tenant_id, run_id, seq, count, format, bytes, hash, text)
      SELECT tenant_id, id, ?, ?, ?, ?, ?, ? FROM runs WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL`);
    this.#updateRun = database.prepare(`
      UPDATE runs SET status = ?, started_at = ?, ended_at = ?, execution_ms = ?, total_cost = ?, total_tokens = ?, error_type = ?, entries = ?, checksum = ?
      WHERE tenant_id = ? AND id = ?`);
  }

  async accept(tenantId: string, newRun: NewRun, entries: readonly Entry[], summary: RunSummary): Promise<Claim> {
    checkAcceptance(newRun, entries, summary);
    const { owner, ...run } = newRun;
    const claim = new SqliteClaim(tenantId, run, 1, { seq: 0, hash: CHAIN_START });
    const { text, blobs } = encodeSegment(entries, claim.stored);
    if (blobs.length > 0) await this.#keep(blobs, claim);
    const segment = sealSegment(CHAIN_START, run.id, 0, entries.length, text);
    const checksum = runChecksum(tenantId, run, summary, entries.length);
    await this.#committer.write(() => {
      this.#insertRun.run(
        tenantId,
        run.id,
        run.workflowId,
        run.workflowName,
        run.version,
        run.userId,
        run.keyId,
        run.acceptedAt,
        owner,
        summary.status,
        summary.startedAt,
        summary.endedAt,
        summary.executionMs,
        summary.totalCost,
        summary.totalTokens,
        summary.errorType,
        entries.length,
        checksum,
      );
      this.#insertSegment.run(tenantId, run.id, 0, segment.count, segment.format, segment.bytes, segment.hash, segment.text);
    }, segment.bytes);
    claim.position = { seq: entries.length, hash: segment.hash };
    return claim;
  }

  async append(claim: SqliteClaim, entries: readonly Entry[], summary: RunSummary): Promise<void> {
    checkAppend(claim.runId, entries, summary);
    const { text, blobs } = encodeSegment(entries, claim.stored);
    if (blobs.length > 0) await this.#keep(blobs, claim);
    const segment = sealSegment(claim.position.hash, claim.runId, claim.position.seq, entries.length, text);
    await this.#committer.write(() => this.#insertAppended(claim, segment, summary), segment.bytes);
    claim.position = { seq: segment.seq + segment.count, hash: segment.hash };
  }

  #insertAppended({ tenantId, run, fence }: SqliteClaim, segment: SegmentRow, summary: RunSummary): void {
    const { seq, count, format, bytes, hash, text } = segment;
    const { changes } = this.#appendSegment.run(seq, count, format, bytes, hash, text, tenantId, run.id, fence);
    if (changes !== 1) throw new Fenced(run.id);
    const { status, startedAt, endedAt, executionMs, totalCost, totalTokens, errorType } = summary;
    const entries = seq + count;
    const checksum = runChecksum(tenantId, run, summary, entries);
    this.#updateRun.run(status, startedAt, endedAt, executionMs, totalCost, totalTokens, errorType, entries, checksum, tenantId, run.id);
  }

  /** The contents are durable before the row that refers to them is written. */
  async #keep(blobs: readonly NewBlob[], claim: SqliteClaim): Promise<void> {
    try {
      await Promise.all(blobs.map(({ blob }) => this.#blobs.keep(blob)));
    } catch (error) {
      if (isFatal(error)) this.#committer.fail(error);
      throw error;
    }
    for (const {
      value,
      blob: { sha256, bytes, kind },
    } of blobs)
      claim.stored.add(value, { sha256, bytes, kind });
  }
}
