import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Json } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { JournalCorrupt } from "#store/errors";
import { CHAIN_START, type SegmentRow, verifySegment } from "#store/journal/chain";
import { type DecodeOptions, decodeSegment, type LoadBlob } from "#store/journal/decode";
import { BlobDamaged, type BlobFiles } from "#store/sqlite/blob-files";
import type { JournalPosition } from "#store/sqlite/claim";
import { reading } from "#store/sqlite/failure";
import { number, type Row, text } from "#store/sqlite/rows";
import type { StoredRun } from "#store/sqlite/run-row";

const COLUMNS = "seq, count, format, bytes, hash, text";

export interface JournalContents {
  readonly entries: readonly Entry[];
  readonly position: JournalPosition;
}

/** The two ends of a journal; one segment may be both. */
export interface JournalEnds {
  readonly first: SegmentRow;
  readonly last: SegmentRow;
}

/** Reads journals and serves nothing that does not verify: every failure is JournalCorrupt. */
export class JournalReader {
  readonly #blobs: BlobFiles;
  readonly #all: StatementSync;
  readonly #first: StatementSync;
  readonly #last: StatementSync;
  readonly #hashBefore: StatementSync;
  readonly #any: StatementSync;

  constructor(database: DatabaseSync, blobs: BlobFiles) {
    this.#blobs = blobs;
    this.#all = database.prepare(`SELECT ${COLUMNS} FROM journal WHERE tenant_id = ? AND run_id = ? ORDER BY seq`);
    this.#first = database.prepare(`SELECT ${COLUMNS} FROM journal WHERE tenant_id = ? AND run_id = ? AND seq = 0`);
    this.#last = database.prepare(`SELECT ${COLUMNS} FROM journal WHERE tenant_id = ? AND run_id = ? ORDER BY seq DESC LIMIT 1`);
    this.#hashBefore = database.prepare(
      "SELECT hash FROM journal WHERE tenant_id = ? AND run_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1",
    );
    this.#any = database.prepare("SELECT 1 FROM journal WHERE tenant_id = ? AND run_id = ? LIMIT 1");
  }

  /** Is there a journal of this run? Where its row is gone, that is damage and not an unknown run. */
  exists(tenantId: string, runId: string): boolean {
    return this.#any.get(tenantId, runId) !== undefined;
  }

  /** All segments, verified as a chain. */
  segments({ tenantId, run, entries }: StoredRun): readonly SegmentRow[] {
    const rows = this.#all.all(tenantId, run.id).map(segmentOf);
    let hash = CHAIN_START;
    let seq = 0;
    for (const row of rows) {
      if (row.seq !== seq) throw new JournalCorrupt(run.id, `entry ${seq} is missing`);
      verifySegment(hash, run.id, row);
      hash = row.hash;
      seq += row.count;
    }
    if (seq !== entries) throw new JournalCorrupt(run.id, `it has ${seq} entries, ${entries} were written`);
    return rows;
  }

  /** The first segment, verified. */
  first({ tenantId, run }: StoredRun): SegmentRow {
    const first = this.#one(this.#first, tenantId, run.id);
    verifySegment(CHAIN_START, run.id, first);
    return first;
  }

  /** The first and the last segment, verified. */
  ends(stored: StoredRun): JournalEnds {
    const { tenantId, run, entries } = stored;
    const first = this.first(stored);
    const last = first.count === entries ? first : this.#one(this.#last, tenantId, run.id);
    if (last !== first) verifySegment(this.#hashOfSegmentBefore(tenantId, run.id, last.seq), run.id, last);
    if (last.seq + last.count !== entries)
      throw new JournalCorrupt(run.id, `it ends at entry ${last.seq + last.count}, ${entries} were written`);
    return { first, last };
  }

  async contents(stored: StoredRun): Promise<JournalContents> {
    const segments = reading(() => this.segments(stored));
    const loaded = new Map<string, Json>();
    const entries: Entry[] = [];
    for (const segment of segments) for (const entry of await this.decode(stored.run.id, segment, { loaded })) entries.push(entry);
    return { entries, position: { seq: entries.length, hash: segments.at(-1)?.hash ?? CHAIN_START } };
  }

  /** The entries of a verified segment; its count is part of what was verified. */
  async decode(runId: string, segment: SegmentRow, options: DecodeOptions): Promise<readonly Entry[]> {
    return decodeSegment(segment.text, this.#loadBlob(runId), options);
  }

  #loadBlob(runId: string): LoadBlob {
    return async (ref) => {
      try {
        return await this.#blobs.read(ref);
      } catch (error) {
        throw error instanceof BlobDamaged ? new JournalCorrupt(runId, error.message) : error;
      }
    };
  }

  #one(statement: StatementSync, tenantId: string, runId: string): SegmentRow {
    const row = statement.get(tenantId, runId);
    if (row === undefined) throw new JournalCorrupt(runId, "entry 0 is missing");
    return segmentOf(row);
  }

  #hashOfSegmentBefore(tenantId: string, runId: string, seq: number): string {
    const row = this.#hashBefore.get(tenantId, runId, seq);
    if (row === undefined) throw new JournalCorrupt(runId, `the segment before entry ${seq} is missing`);
    return text(row, "hash");
  }
}

function segmentOf(row: Row): SegmentRow {
  return {
    seq: number(row, "seq"),
    count: number(row, "count"),
    format: number(row, "format"),
    bytes: number(row, "bytes"),
    hash: text(row, "hash"),
    text: text(row, "text"),
  };
}
