import type { Json } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { JournalCorrupt } from "#store/errors";
import { CHAIN_START, type SegmentRow, verifySegment } from "#store/journal/chain";
import { type DecodeOptions, decodeSegment, type LoadBlob } from "#store/journal/decode";
import { BlobDamaged, type Blobs } from "#store/sql/blobs";
import type { SqlDatabase } from "#store/sql/database";
import { number, numberOrNull, type Row, text } from "#store/sql/rows";
import type { StoredRun } from "#store/sql/run-row";
import { LAST_PREFIX, READ_COLUMNS } from "#store/sql/segment-places";
import { all, one, type Steps } from "#store/sql/steps";
import type { JournalPart } from "#store/store";

/** A segment with its place in the log and that of the one before it. */
interface PlacedSegment extends SegmentRow {
  readonly previous: number | null;
}

type Place = Pick<PlacedSegment, "seq" | "count" | "previous" | "hash">;

/** The two ends of a journal; one segment may be both. */
export interface JournalEnds {
  readonly first: SegmentRow;
  readonly last: SegmentRow;
}

const AT = "FROM journal WHERE position = ? AND tenant_id = ? AND run_id = ?";
const SEGMENT = `SELECT ${READ_COLUMNS} ${AT}`;
/**
 * A segment and those before it, as far as the links lead back: one question, however many they are. The links are followed without the
 * texts, which would be copied from step to step.
 */
const BACK = `
  WITH RECURSIVE back AS (
    SELECT position, previous ${AT}
    UNION ALL
    SELECT journal.position, journal.previous FROM back JOIN journal ON journal.position = back.previous
    WHERE back.previous < back.position AND journal.tenant_id = ? AND journal.run_id = ?
  )
  SELECT journal.position, ${READ_COLUMNS.replaceAll(/\w+/g, "journal.$&")} FROM back JOIN journal ON journal.position = back.position`;
/** The same as a segment, without the text. */
const PLACE = `SELECT seq, count, previous, hash ${AT}`;

/** Reads journals and serves nothing that does not verify: every failure is JournalCorrupt. */
export class JournalReader {
  readonly #database: SqlDatabase;
  readonly #blobs: Blobs;

  constructor(database: SqlDatabase, blobs: Blobs) {
    this.#database = database;
    this.#blobs = blobs;
  }

  async contents(stored: StoredRun): Promise<readonly Entry[]> {
    return (await this.whole(stored, null)).entries;
  }

  /** With the hash of the last segment. `last`: a row that has this one beside the run; null: it is read. */
  async whole(stored: StoredRun, last: Row | null): Promise<{ readonly entries: readonly Entry[]; readonly hash: string }> {
    const segments = await this.#database.read(chain(stored, last && lastSegmentIn(stored, last)));
    const loaded = new Map<string, Json>();
    const entries: Entry[] = [];
    for (const segment of segments) for (const entry of await this.decode(stored.run.id, segment, { loaded })) entries.push(entry);
    return { entries, hash: segments.at(-1)?.hash ?? CHAIN_START };
  }

  async last(stored: StoredRun): Promise<Entry | null> {
    const segment = await this.#database.read(lastSegment(stored));
    return (await this.decode(stored.run.id, segment, {})).at(-1) ?? null;
  }

  /** The entries from number `from` on, segment by segment, each verified against the one before it. */
  async *parts(stored: StoredRun, from: number): AsyncGenerator<JournalPart> {
    const { run, entries } = stored;
    if (from >= entries) return;
    const { positions, before } = await this.#database.read(placesFrom(stored, from));
    let hash = before;
    for (const position of positions) {
      const segment = await this.#database.read(segmentAt(stored, position));
      verifySegment(hash, run.id, segment);
      hash = segment.hash;
      const skipped = Math.max(0, from - segment.seq);
      yield { seq: segment.seq + skipped, entries: (await this.decode(run.id, segment, {})).slice(skipped) };
    }
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
}

/** The first segment, verified. */
export function* firstSegment(stored: StoredRun): Steps<SegmentRow> {
  const first = yield* segmentAt(stored, stored.firstSegment);
  verifySegment(CHAIN_START, stored.run.id, first);
  return first;
}

/** The first and the last segment, verified. */
export function* journalEnds(stored: StoredRun): Steps<JournalEnds> {
  const { run, entries } = stored;
  const first = yield* firstSegment(stored);
  const last = stored.lastSegment === stored.firstSegment ? first : yield* lastSegment(stored);
  if (last.seq + last.count !== entries)
    throw new JournalCorrupt(run.id, `it ends at entry ${last.seq + last.count}, ${entries} were written`);
  return { first, last };
}

function* lastSegment(stored: StoredRun): Steps<SegmentRow> {
  const last = yield* segmentAt(stored, stored.lastSegment);
  const before = last.previous === null ? null : yield* segmentAt(stored, last.previous);
  verifySegment(before?.hash ?? CHAIN_START, stored.run.id, last);
  return last;
}

/** All segments, verified as a chain. */
function* chain(stored: StoredRun, last: PlacedSegment | null): Steps<readonly SegmentRow[]> {
  const { run, entries } = stored;
  let hash = CHAIN_START;
  let seq = 0;
  const rows = yield* allSegments(stored, last);
  for (const row of rows) {
    if (row.seq !== seq) throw new JournalCorrupt(run.id, `entry ${seq} is missing`);
    verifySegment(hash, run.id, row);
    hash = row.hash;
    seq += row.count;
  }
  if (seq !== entries) throw new JournalCorrupt(run.id, `it has ${seq} entries, ${entries} were written`);
  return rows;
}

/** Of a chain each link leads back: from the last segment to the first, then turned around. */
function* allSegments(stored: StoredRun, last: PlacedSegment | null): Steps<readonly SegmentRow[]> {
  const { tenantId, run, lastSegment } = stored;
  const end = last ?? (yield* segmentAt(stored, lastSegment));
  refuseForward(stored, end, lastSegment);
  if (end.previous === null) return [end];
  const before = yield* all(BACK, end.previous, tenantId, run.id, tenantId, run.id);
  return [...linked(stored, end.previous, before), end];
}

/** The first is at the front. Throws where a link leads to none of the rows, or forward. */
function linked(stored: StoredRun, last: number, rows: readonly Row[]): readonly SegmentRow[] {
  const segments = new Map(rows.map((row) => [number(row, "position"), segmentOf(row)]));
  const found: SegmentRow[] = [];
  for (let position: number | null = last; position !== null; ) {
    const segment = segments.get(position);
    if (!segment) throw missing(stored.run.id, position);
    refuseForward(stored, segment, position);
    found.push(segment);
    position = segment.previous;
  }
  return found.reverse();
}

/** Where the segments from the one with entry `from` on lie, and the hash that the first of them follows. */
function* placesFrom(stored: StoredRun, from: number): Steps<{ readonly positions: readonly number[]; readonly before: string }> {
  const positions: number[] = [];
  for (let position: number | null = stored.lastSegment; position !== null; ) {
    const place: Place = yield* placeAt(stored, position);
    if (place.seq + place.count <= from) return { positions: positions.reverse(), before: place.hash };
    refuseForward(stored, place, position);
    positions.push(position);
    position = place.previous;
  }
  return { positions: positions.reverse(), before: CHAIN_START };
}

/** A damaged link that led forward would never end. */
function refuseForward({ run }: StoredRun, { seq, previous }: Place, position: number): void {
  if (previous !== null && previous >= position) throw new JournalCorrupt(run.id, `the segment at entry ${seq} follows a later one`);
}

function* segmentAt({ tenantId, run }: StoredRun, position: number): Steps<PlacedSegment> {
  const row = yield* one(SEGMENT, position, tenantId, run.id);
  if (row === undefined) throw missing(run.id, position);
  return segmentOf(row);
}

/** The last segment, in columns beside those of the run. */
function lastSegmentIn({ run }: StoredRun, row: Row): PlacedSegment {
  const columns = READ_COLUMNS.split(", ").map((column) => [column, row[LAST_PREFIX + column] ?? null] as const);
  const last = Object.fromEntries(columns);
  if (last["hash"] === null) throw missing(run.id, number(row, "last_segment"));
  return segmentOf(last);
}

function segmentOf(row: Row): PlacedSegment {
  return { ...placeOf(row), format: number(row, "format"), bytes: number(row, "bytes"), text: text(row, "text") };
}

function* placeAt({ tenantId, run }: StoredRun, position: number): Steps<Place> {
  const row = yield* one(PLACE, position, tenantId, run.id);
  if (row === undefined) throw missing(run.id, position);
  return placeOf(row);
}

function missing(runId: string, position: number): JournalCorrupt {
  return new JournalCorrupt(runId, `the segment at ${position} is missing`);
}

function placeOf(row: Row): Place {
  return { seq: number(row, "seq"), count: number(row, "count"), previous: numberOrNull(row, "previous"), hash: text(row, "hash") };
}
