import assert from "node:assert/strict";
import { test } from "node:test";
import { JournalCorrupt } from "#store/errors";
import { CHAIN_START, type SegmentRow, sealSegment, segmentHash, verifySegment } from "#store/journal/chain";

const RUN = "019b76da-a800-7000-8000-000000000001";
const FIRST = sealSegment(CHAIN_START, RUN, 0, 2, '{"entries":["é"]}');

test("a segment verifies after the one that it was written after, and nowhere else", () => {
  const second = sealSegment(FIRST.hash, RUN, 2, 1, '{"entries":[]}');
  verifySegment(CHAIN_START, RUN, FIRST);
  verifySegment(FIRST.hash, RUN, second);
  assert.throws(() => verifySegment(CHAIN_START, RUN, second), JournalCorrupt);
  assert.throws(() => verifySegment(second.hash, RUN, FIRST), JournalCorrupt);
  assert.throws(() => verifySegment(CHAIN_START, RUN.replace("1", "2"), FIRST), JournalCorrupt);
});

test("every column of a segment is part of what is verified", () => {
  const changes: readonly Partial<SegmentRow>[] = [
    { seq: 1 },
    { count: 3 },
    { format: 2 },
    { bytes: FIRST.bytes + 1 },
    { hash: FIRST.hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) },
    { text: FIRST.text.replace("é", "è") },
    { text: `${FIRST.text} ` },
  ];
  for (const change of changes)
    assert.throws(() => verifySegment(CHAIN_START, RUN, { ...FIRST, ...change }), JournalCorrupt, JSON.stringify(change));
});

test("a format of a newer release is refused, though it is whole", () => {
  const newer = { ...FIRST, format: 2 };
  assert.throws(() => verifySegment(CHAIN_START, RUN, { ...newer, hash: segmentHash(CHAIN_START, RUN, newer) }), /format 2/);
});

test("a hash is 16 bytes, and the length is that of the UTF-8", () => {
  assert.match(FIRST.hash, /^[0-9a-f]{32}$/);
  assert.equal(FIRST.bytes, FIRST.text.length + 1);
});
