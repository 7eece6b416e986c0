import { existsSync, readFileSync } from "node:fs";
import { endianness } from "node:os";
import { StoreCorrupt } from "#store/errors";

// SQLite takes the first frame of the write-ahead log that does not verify for the end of the log, because that is how the log of an
// interrupted commit ends, and silently forgets what follows. But each commit here is synced before the next begins: where frames of a
// later transaction follow, the frame was whole once and was damaged since, and acknowledged runs would be lost without a word.
// Damage in the very last commit looks like an interrupted one. The index of the log tells them apart: SQLite counts a commit there once its
// sync has ended. Where the index is gone, or older, the commit is taken for an interrupted one: otherwise a power cut could stop a start.
// Layouts: https://www.sqlite.org/fileformat2.html#walformat, https://www.sqlite.org/walformat.html#the_wal_index_file_format

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** The lowest bit says that checksums are over big-endian words. */
const MAGIC = 0x377f0682;

/** Offsets in the header of the file and in the header of a frame. */
const HEADER = { magic: 0, pageSize: 8, salt1: 16, salt2: 20, sum1: 24, sum2: 28 } as const;
const FRAME = { databasePages: 4, salt1: 8, salt2: 12, sum1: 16, sum2: 20 } as const;

/** The index begins with two copies of its header, in the order of bytes of the machine; the salts are the log's, byte by byte. */
const INDEX = { bytes: 48, isInitialized: 12, frames: 16, salts: 32, sum1: 40, sum2: 44 } as const;

type Sums = readonly [number, number];

/** Throws StoreCorrupt where a log left by an unclean stop is damaged before its end. To be called before the database is opened. */
export function refuseDamagedWal(path: string, indexPath: string): void {
  if (!existsSync(path)) return;
  const index = existsSync(indexPath) ? readFileSync(indexPath) : Buffer.alloc(0);
  const reason = findWalDamage(readFileSync(path), index);
  if (reason !== null) throw new StoreCorrupt(reason);
}

export function findWalDamage(wal: Buffer, index: Buffer): string | null {
  if (wal.length < HEADER_BYTES) return null;
  if (!isHeaderIntact(wal)) return wal.length < HEADER_BYTES + FRAME_HEADER_BYTES ? null : damagedHeader(wal);
  const damaged = firstDamagedFrame(wal);
  const whole = damaged ?? frameCount(wal);
  const isDamage = whole < durableFrames(wal, index) || (damaged !== null && isFollowedByLaterCommit(wal, damaged));
  return isDamage ? `frame ${whole} of the write-ahead log is not what was written` : null;
}

/** Frames of this log that a finished sync had made durable; 0 where the index is not of this log, or torn, and so says nothing. */
function durableFrames(wal: Buffer, index: Buffer): number {
  const header = index.subarray(0, INDEX.bytes);
  if (header.length < INDEX.bytes || !header.equals(index.subarray(INDEX.bytes, 2 * INDEX.bytes))) return 0;
  const isBig = endianness() === "BE";
  const word = (at: number): number => (isBig ? header.readUInt32BE(at) : header.readUInt32LE(at));
  const [first, second] = addSums([0, 0], header, 0, INDEX.sum1, isBig);
  const isWhole = header[INDEX.isInitialized] !== 0 && first === word(INDEX.sum1) && second === word(INDEX.sum2);
  const isOfThisLog = header.subarray(INDEX.salts, INDEX.sum1).equals(wal.subarray(HEADER.salt1, HEADER.sum1));
  return isWhole && isOfThisLog ? word(INDEX.frames) : 0;
}

/**
 * A log that starts over gets new salts, so a header torn while it was written shares none with the frame behind it; one of the same
 * generation shares both, and still one of them after any one salt was damaged.
 */
function damagedHeader(wal: Buffer): string | null {
  return sharedSalts(wal, 0) > 0 ? "the header of the write-ahead log is not what was written" : null;
}

function isHeaderIntact(wal: Buffer): boolean {
  if ((wal.readUInt32BE(HEADER.magic) & ~1) >>> 0 !== MAGIC) return false;
  const sums = addSums([0, 0], wal, 0, HEADER.sum1, isBigEndian(wal));
  return sums[0] === wal.readUInt32BE(HEADER.sum1) && sums[1] === wal.readUInt32BE(HEADER.sum2);
}

/** The number of the first frame of this generation that does not verify, from 0; null: all do. */
function firstDamagedFrame(wal: Buffer): number | null {
  for (let frame = 0; frame < frameCount(wal); frame++) {
    if (sharedSalts(wal, frame) < 2 || !continues(wal, frame)) return frame;
  }
  return null;
}

/**
 * Is there, at or behind the frame, the end of a transaction with another transaction behind it? Frames that a rolled-back transaction
 * left there do not count: they do not continue the checksum of the frame before them.
 */
function isFollowedByLaterCommit(wal: Buffer, damaged: number): boolean {
  for (let frame = damaged; frame + 1 < frameCount(wal); frame++) {
    // One salt is enough: the other may be what was damaged.
    const endsTransaction = sharedSalts(wal, frame) > 0 && wal.readUInt32BE(frameAt(wal, frame) + FRAME.databasePages) !== 0;
    if (endsTransaction && sharedSalts(wal, frame + 1) === 2 && continues(wal, frame + 1)) return true;
  }
  return false;
}

/** Does the frame's checksum follow from the one stored in the frame before it, or in the header? */
function continues(wal: Buffer, frame: number): boolean {
  const at = frameAt(wal, frame);
  const before = frame === 0 ? HEADER.sum1 : frameAt(wal, frame - 1) + FRAME.sum1;
  const bigEndian = isBigEndian(wal);
  const start: Sums = [wal.readUInt32BE(before), wal.readUInt32BE(before + 4)];
  const head = addSums(start, wal, at, at + FRAME.salt1, bigEndian);
  const sums = addSums(head, wal, at + FRAME_HEADER_BYTES, at + frameBytes(wal), bigEndian);
  return sums[0] === wal.readUInt32BE(at + FRAME.sum1) && sums[1] === wal.readUInt32BE(at + FRAME.sum2);
}

/** 2: the frame is of the header's generation; 0: it is a leftover of an earlier one. */
function sharedSalts(wal: Buffer, frame: number): number {
  const at = frameAt(wal, frame);
  const first = wal.readUInt32BE(at + FRAME.salt1) === wal.readUInt32BE(HEADER.salt1);
  const second = wal.readUInt32BE(at + FRAME.salt2) === wal.readUInt32BE(HEADER.salt2);
  return Number(first) + Number(second);
}

function frameCount(wal: Buffer): number {
  return Math.floor((wal.length - HEADER_BYTES) / frameBytes(wal));
}

function frameAt(wal: Buffer, frame: number): number {
  return HEADER_BYTES + frame * frameBytes(wal);
}

function frameBytes(wal: Buffer): number {
  return FRAME_HEADER_BYTES + wal.readUInt32BE(HEADER.pageSize);
}

function isBigEndian(wal: Buffer): boolean {
  return (wal.readUInt32BE(HEADER.magic) & 1) === 1;
}

/** SQLite's running checksum over pairs of 32-bit words. */
function addSums(sums: Sums, wal: Buffer, start: number, end: number, bigEndian: boolean): Sums {
  let [first, second] = sums;
  const view = new DataView(wal.buffer, wal.byteOffset, wal.length);
  for (let at = start; at < end; at += 8) {
    first = (first + view.getUint32(at, !bigEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, !bigEndian) + first) >>> 0;
  }
  return [first, second];
}
