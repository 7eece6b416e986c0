import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Json } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { JournalCorrupt } from "#store/errors";
import { CHAIN_START, type SegmentRow, verifySegment } from "#store/journal/chain";
import { type DecodeOptions, decodeSegment, type LoadBlob } from "#store/journal/decode";
import { number, numberOrNull, type Row, text } from "#store/sql/rows";
import type { StoredRun } from "#store/sql/run-row";
import { BlobDamaged, type BlobFiles } from "#store/sqlite/blob-files";
import { reading } from "#store/sqlite/failure";
import type { JournalPart } from "#store/store";

/** A segment with its place in the log and that of the one before it. */
interface PlacedSegment extends SegmentRow {
  readonly previous: number | null;
}

/** The two ends of a journal; one segment may be both. */
export interface JournalEnds {
  readonly first: SegmentRow;
  readonly last: SegmentRow;
}

/** Reads journals and serves nothing that does not verify: every failure is JournalCorrupt. */
export class JournalReader {
  readonly #blobs: BlobFiles;
  readonly #at: StatementSync;
  /** The same without the text. */
  readonly #placeAt: StatementSync;

  constructor(database: DatabaseSync, blobs: BlobFiles) {
    this.#blobs = blobs;
    this.#at = database.prepare(
      "SELECT seq, count, previous, format, bytes, hash, text FROM journal WHERE position = ? AND tenant_id = ? AND run_id = ?",
    );
    this.#placeAt = database.prepare("SELECT seq, count, previous, hash FROM journal WHERE position = ? AND tenant_id = ? AND run_id = ?");
  }

  /** All segments, verified as a chain. */
  segments(stored: StoredRun): readonly SegmentRow[] {
    const { run, entries } = stored;
    let hash = CHAIN_START;
    let seq = 0;
    const rows = this.#chain(stored);
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
  first(stored: StoredRun): SegmentRow {
    const first = this.#segment(stored, stored.firstSegment);
    verifySegment(CHAIN_START, stored.run.id, first);
    return first;
  }

  /** The first and the last segment, verified. */
  ends(stored: StoredRun): JournalEnds {
    const { run, entries } = stored;
    const first = this.first(stored);
    const last = stored.lastSegment === stored.firstSegment ? first : this.#verifiedLast(stored);
    if (last.seq + last.count !== entries)
      throw new JournalCorrupt(run.id, `it ends at entry ${last.seq + last.count}, ${entries} were written`);
    return { first, last };
  }

  async contents(stored: StoredRun): Promise<readonly Entry[]> {
    const segments = reading(() => this.segments(stored));
    const loaded = new Map<string, Json>();
    const entries: Entry[] = [];
    for (const segment of segments) for (const entry of await this.decode(stored.run.id, segment, { loaded })) entries.push(entry);
    return entries;
  }

  /** The entries from number `from` on, segment by segment, each verified against the one before it. */
  async *parts(stored: StoredRun, from: number): AsyncGenerator<JournalPart> {
    const { run, entries } = stored;
    if (from >= entries) return;
    const { positions, before } = reading(() => this.#placesFrom(stored, from));
    let hash = before;
    for (const position of positions) {
      const segment = reading(() => this.#segment(stored, position));
      verifySegment(hash, run.id, segment);
      hash = segment.hash;
      const skipped = Math.max(0, from - segment.seq);
      yield { seq: segment.seq + skipped, entries: (await this.decode(run.id, segment, {})).slice(skipped) };
    }
  }

  /** Where the segments from the one with entry `from` on lie, and the hash that the first of them follows. */
  #placesFrom(stored: StoredRun, from: number): { readonly positions: readonly number[]; readonly before: string } {
    const positions: number[] = [];
    for (let position: number | null = stored.lastSegment; position !== null; ) {
      const place = this.#place(stored, position);
      if (place.seq + place.count <= from) return { positions: positions.reverse(), before: place.hash };
      if (place.previous !== null && place.previous >= position)
        throw new JournalCorrupt(stored.run.id, `the segment at entry ${place.seq} follows a later one`);
      positions.push(position);
      position = place.previous;
    }
    return { positions: positions.reverse(), before: CHAIN_START };
  }

  #place({ tenantId, run }: StoredRun, position: number): Pick<PlacedSegment, "seq" | "count" | "previous" | "hash"> {
    const row = this.#placeAt.get(position, tenantId, run.id);
    if (row === undefined) throw new JournalCorrupt(run.id, `the segment at ${position} is missing`);
    return { seq: number(row, "seq"), count: number(row, "count"), previous: numberOrNull(row, "previous"), hash: text(row, "hash") };
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

  /** Of a chain each link leads back: from the last segment to the first, then turned around. */
  #chain(stored: StoredRun): readonly SegmentRow[] {
    const rows: PlacedSegment[] = [];
    for (let position: number | null = stored.lastSegment; position !== null; ) {
      const segment = this.#segment(stored, position);
      // A damaged link that led forward would never end.
      if (segment.previous !== null && segment.previous >= position)
        throw new JournalCorrupt(stored.run.id, `the segment at entry ${segment.seq} follows a later one`);
      rows.push(segment);
      position = segment.previous;
    }
    return rows.reverse();
  }

  #verifiedLast(stored: StoredRun): SegmentRow {
    const last = this.#segment(stored, stored.lastSegment);
    const before = last.previous === null ? null : this.#segment(stored, last.previous);
    verifySegment(before?.hash ?? CHAIN_START, stored.run.id, last);
    return last;
  }

  #segment({ tenantId, run }: StoredRun, position: number): PlacedSegment {
    const row = this.#at.get(position, tenantId, run.id);
    if (row === undefined) throw new JournalCorrupt(run.id, `the segment at ${position} is missing`);
    return { ...segmentOf(row), previous: numberOrNull(row, "previous") };
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
