import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import fc from "fast-check";
import type { Blob } from "#store/journal/content";
import { decodeSegment, type LoadBlob } from "#store/journal/decode";
import { encodeSegment } from "#store/journal/encode";
import { MAX_INLINE_CHARACTERS, StoredValues } from "#store/journal/large-values";
import type { SegmentDocument } from "#store/journal/segment";
import { accepted, finished, newRun, nodeFinished } from "#store/testing/runs";

/** Encodes as a store does, keeping the blobs in memory. */
class Memory {
  readonly contents = new Map<string, Blob>();
  readonly stored = new StoredValues();
  loads = 0;

  write(entries: readonly Entry[]): string {
    const { text, blobs } = encodeSegment(entries, this.stored);
    for (const { value, blob } of blobs) {
      this.contents.set(blob.sha256, blob);
      this.stored.add(value, blob);
    }
    return text;
  }

  readonly load: LoadBlob = async ({ sha256, bytes }) => {
    this.loads += 1;
    const blob = this.contents.get(sha256) ?? assert.fail(`no content ${sha256}`);
    assert.equal(Buffer.byteLength(blob.content), bytes);
    return blob.content;
  };
}

async function roundTrip(
  entries: readonly Entry[],
): Promise<{ readonly text: string; readonly decoded: readonly Entry[]; readonly memory: Memory }> {
  const memory = new Memory();
  const text = memory.write(entries);
  return { text, decoded: await decodeSegment(text, memory.load), memory };
}

const documentOf = (text: string): SegmentDocument => JSON.parse(text) as SegmentDocument;

describe("what a segment holds twice", () => {
  test("is written once: the input in a start's output, a template's text in the end's output, and that in run-finished", async () => {
    const input = { topic: "x".repeat(900), options: { list: [1, 2, 3] } };
    const text = `About ${"y".repeat(300)}`;
    const output = { news: text };
    const entries = [
      accepted(newRun(), input),
      nodeFinished("start", { ...input, max: 3 }),
      nodeFinished("t", { text }),
      nodeFinished("end", output),
      finished(output),
    ];
    const { text: segment, decoded } = await roundTrip(entries);
    assert.deepEqual(documentOf(segment).same, [
      ["/1/output/topic", "/0/input/topic"],
      ["/1/output/options", "/0/input/options"],
      ["/3/output/news", "/2/output/text"],
      ["/4/output", "/3/output"],
    ]);
    assert.equal(JSON.stringify(decoded), JSON.stringify(entries));
    assert.ok(segment.length < JSON.stringify(entries).length * 0.7, `${segment.length} of ${JSON.stringify(entries).length}`);
  });

  test("short strings are written where they stand", async () => {
    const short = "s".repeat(63);
    const long = "s".repeat(64);
    const { text } = await roundTrip([nodeFinished("a", { short, long }), nodeFinished("b", { short, long })]);
    assert.deepEqual(documentOf(text).same, [["/1/output/long", "/0/output/long"]]);
  });

  test("keeps the order of members, and keys that pointers and prototypes make special", async () => {
    const shared = { deep: true };
    const first: JsonObject = { "a/b~c": shared, other: 1 };
    const second: JsonObject = JSON.parse('{"z":1,"__proto__":null,"y":2}');
    const withShared = { ...second, ["__proto__"]: shared };
    const { text, decoded } = await roundTrip([
      nodeFinished("a", first),
      nodeFinished("b", { "x/y": shared }),
      nodeFinished("c", withShared),
    ]);
    assert.equal(documentOf(text).same?.length, 2);
    assert.equal(
      JSON.stringify(decoded),
      JSON.stringify([nodeFinished("a", first), nodeFinished("b", { "x/y": shared }), nodeFinished("c", withShared)]),
    );
    assert.equal(({} as { deep?: boolean }).deep, undefined);
  });
});

describe("a large value", () => {
  test("is taken out of the row above the limit, and stays in it at the limit", () => {
    const quotes = 2;
    const sizes: readonly (readonly [value: Json, isLarge: boolean])[] = [
      ["s".repeat(MAX_INLINE_CHARACTERS - quotes), false],
      ["s".repeat(MAX_INLINE_CHARACTERS - quotes + 1), true],
      // Each line break is two characters of JSON text.
      ["\n".repeat((MAX_INLINE_CHARACTERS - quotes) / 2), false],
      ["\n".repeat((MAX_INLINE_CHARACTERS - quotes) / 2 + 1), true],
      [listOfLength(MAX_INLINE_CHARACTERS), false],
      [listOfLength(MAX_INLINE_CHARACTERS + 1), true],
      [{ k: listOfLength(MAX_INLINE_CHARACTERS - '{"k":}'.length) }, false],
      [{ k: listOfLength(MAX_INLINE_CHARACTERS - '{"k":}'.length + 1) }, true],
    ];
    for (const [value, isLarge] of sizes) {
      const memory = new Memory();
      // The entry as a whole is above the limit either way.
      const text = memory.write([nodeFinished("a", value)]);
      assert.equal(memory.contents.size > 0, isLarge, `${JSON.stringify(value).length} characters`);
      assert.equal("blobs" in documentOf(text), isLarge);
    }
  });

  test("is the smallest one that is large: what nodes hand on is stored once", async () => {
    const text = "t".repeat(MAX_INLINE_CHARACTERS);
    const rows = Array.from({ length: 10_000 }, (_, index) => ({ index }));
    const memory = new Memory();
    const first = memory.write([nodeFinished("a", { body: { text, rows }, status: 200 })]);
    assert.deepEqual(
      documentOf(first).blobs?.map(([at, , , kind]) => [at, kind]),
      [
        ["/0/output/body/text", "text"],
        ["/0/output/body/rows", "json"],
      ],
    );
    const second = memory.write([nodeFinished("b", { rows, own: 1 }), finished({ list: [text], rows })]);
    assert.equal(memory.contents.size, 2);
    assert.deepEqual(
      documentOf(second).blobs?.map(([at]) => at),
      ["/0/output/rows", "/1/output/list/0", "/1/output/rows"],
    );
    assert.ok(first.length + second.length < 2_000);
    assert.deepEqual(await decodeSegment(second, memory.load), [nodeFinished("b", { rows, own: 1 }), finished({ list: [text], rows })]);
  });

  test("that UTF-8 cannot hold is kept as JSON text", async () => {
    const text = `${"t".repeat(MAX_INLINE_CHARACTERS)}\ud800`;
    const { text: segment, decoded } = await roundTrip([nodeFinished("a", { text })]);
    assert.equal(documentOf(segment).blobs?.[0]?.[3], "json");
    assert.deepEqual(decoded, [nodeFinished("a", { text })]);
  });

  test("that holds a value which the segment already has is stored whole", async () => {
    const shared = { text: "s".repeat(100) };
    const filler = listOfLength(MAX_INLINE_CHARACTERS);
    const entries = [nodeFinished("a", { shared }), nodeFinished("b", { list: [shared, filler, 1], shared }), finished({ shared })];
    const { decoded } = await roundTrip(entries);
    assert.equal(JSON.stringify(decoded), JSON.stringify(entries));
  });

  test("is loaded once for a whole journal, and not at all where it is not wanted", async () => {
    const text = "t".repeat(MAX_INLINE_CHARACTERS);
    const memory = new Memory();
    const first = memory.write([accepted(newRun(), { small: 1 }), nodeFinished("a", { text })]);
    const second = memory.write([nodeFinished("b", { text }), finished({ text, small: 2 })]);
    const loaded = new Map<string, Json>();
    for (const segment of [first, second]) await decodeSegment(segment, memory.load, { loaded });
    assert.equal(memory.loads, 1);
    const [acceptance] = await decodeSegment(first, memory.load, { wanted: ["/0/input"] });
    assert.deepEqual(acceptance?.type === "run-accepted" && acceptance.input, { small: 1 });
    assert.equal(memory.loads, 1);
    const ending = await decodeSegment(second, memory.load, { wanted: ["/1"] });
    assert.deepEqual(ending.at(1), finished({ text, small: 2 }));
    assert.equal(memory.loads, 2);
  });
});

test("any entries come back as they were, whatever they share and however large they are", async () => {
  const strings = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("__proto__", "toJSON", "a/b", "~0", "\ud800", "\udfff\ud800", "x".repeat(64), "y".repeat(MAX_INLINE_CHARACTERS)),
  );
  const { value: values } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(null, true, false, 0, -1, 1e21, 5e-324),
      strings,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(strings, tie("value")), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
      // One that is large as a list.
      fc.constantFrom(listOfLength(MAX_INLINE_CHARACTERS + 1)),
    ),
  }));
  // Few values, used again and again, so that entries share them by identity.
  const journals = fc.array(values, { minLength: 1, maxLength: 4 }).chain((pool) => {
    const one = fc.constantFrom(...pool);
    const object = fc.array(fc.tuple(strings, one), { maxLength: 3 }).map((members): JsonObject => Object.fromEntries(members));
    const objects = fc.array(object, { minLength: 1, maxLength: 3 });
    return objects.chain((shared) =>
      fc.array(
        fc.oneof(
          one.map((output) => nodeFinished("n", output)),
          fc.constantFrom(...shared).map((output) => nodeFinished("m", output)),
          fc.constantFrom(...shared).map((input) => accepted(newRun(), input)),
          fc.constantFrom(...shared).map((output) => finished(output)),
          fc
            .tuple(fc.constantFrom(...shared), one)
            .map(([assign, output]): Entry => ({ type: "node-finished", path: "s", port: "out", output, assign, at: 1 })),
        ),
        { minLength: 1, maxLength: 6 },
      ),
    );
  });
  await fc.assert(
    fc.asyncProperty(journals, fc.nat(5), async (entries, cut) => {
      const memory = new Memory();
      const loaded = new Map<string, Json>();
      const decoded: Entry[] = [];
      for (const part of [entries.slice(0, cut), entries.slice(cut)]) {
        if (part.length > 0) decoded.push(...(await decodeSegment(memory.write(part), memory.load, { loaded })));
      }
      assert.ok(JSON.stringify(decoded) === JSON.stringify(entries));
    }),
    { numRuns: 200, reporter: shortReport },
  );
});

/** Without the counterexample, which may be megabytes long. */
function shortReport<T>({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<T>): void {
  if (failed) throw new Error(`fails with { seed: ${seed}, path: "${counterexamplePath}" }`, { cause: errorInstance });
}

/** A list of numbers whose JSON text has this many characters. */
function listOfLength(characters: number): number[] {
  const list = Array.from({ length: Math.floor((characters - 2) / 2) }, () => 1);
  // Each number brings its comma, the last one does not; what is missing makes the last one longer.
  const missing = characters - (list.length * 2 + 1);
  list[list.length - 1] = Number("1".repeat(1 + missing));
  return list;
}
