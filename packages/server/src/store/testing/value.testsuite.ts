import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import { MAX_INLINE_CHARACTERS } from "#store/journal/large-values";
import { type OpenStore, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { acceptEnded, accepted, acceptRunning, finished, newRun, nodeFinished, RUNNING, SUCCEEDED } from "#store/testing/runs";

/** Values that a careless store would change, drop or trip over. */
const ODD_VALUES: readonly (readonly [name: string, value: JsonObject])[] = [
  [
    "prototype keys",
    JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":null},"toJSON":"t","then":1,"hasOwnProperty":2,"$file":"x"}'),
  ],
  ["lone surrogates", { text: "\ud800", "\udc00": "a\udfffb", pair: "😀" }],
  ["control characters", { text: "\u0000\u0001\u001f\u007f\u2028\u2029\ufeff" }],
  ["numbers", { tiny: 5e-324, huge: 1.7976931348623157e308, safe: 9007199254740991, minus: -0.1, zero: 0 }],
  ["empty things", { "": "", list: [], object: {}, nothing: null }],
  ["integer-like keys", { "10": "a", "9": "b", z: "c", "1": "d" }],
  ["pointer characters", { "a/b": { "~1": ["~0", { "/": 1 }] } }],
  ["what looks like a reference", { same: [["/0/input", "/1/output"]], blobs: [["/0/input", "00", 1, "text"]], entries: [] }],
];

export function valueSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  for (const [name, value] of ODD_VALUES) {
    check(`${name} survive, small and large`, async ({ store }) => {
      for (const filler of ["", "f".repeat(MAX_INLINE_CHARACTERS)]) {
        const run = newRun();
        // A list too long for the row takes the odd value with it; a long text leaves it where it is.
        const output: JsonObject = {
          value,
          list: [value, filler === "" ? [] : Array.from({ length: MAX_INLINE_CHARACTERS / 4 }, () => 1_000)],
        };
        const entries = [accepted(run, { ...value, filler }), nodeFinished("n", output), finished(output)];
        await store.runs.accept(TENANT, run, entries, SUCCEEDED);
        assert.equal(JSON.stringify(await store.runs.journal(TENANT, run.id)), JSON.stringify(entries));
        const view = await store.runs.view(TENANT, null, run.id);
        assert.equal(JSON.stringify(view?.input), JSON.stringify({ ...value, filler }));
        assert.equal(JSON.stringify(view?.output), JSON.stringify(output));
      }
    });
  }

  check("a large value is handed on by many nodes and read back everywhere", async ({ store, reopen }) => {
    const text = "0123456789".repeat(200_000);
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ index }));
    const run = newRun();
    const claim = await acceptRunning(store.runs, run, { text });
    const written: Entry[] = [];
    for (const path of ["a", "b", "c", "d", "e"]) {
      const entry = nodeFinished(path, { text, rows, own: path });
      written.push(entry);
      await store.runs.append(claim, [entry], RUNNING);
    }
    await store.runs.append(claim, [finished({ text, rows })], SUCCEEDED);
    for (const current of [async () => store, reopen]) {
      const { runs } = await current();
      const journal = await runs.journal(TENANT, run.id);
      assert.equal(journal.length, 8);
      assert.ok(JSON.stringify(journal.slice(2, 7)) === JSON.stringify(written));
      const view = await runs.view(TENANT, null, run.id);
      assert.ok(view?.input["text"] === text);
      assert.ok(view?.output?.["text"] === text);
      assert.ok(JSON.stringify(view?.output?.["rows"]) === JSON.stringify(rows));
    }
  });

  check("equal large values of different runs, written at the same time, are each read back", async ({ store: { runs } }) => {
    const text = "é😀".repeat(100_000);
    const all = Array.from({ length: 20 }, () => newRun());
    await Promise.all(all.map((run) => acceptEnded(runs, run, { text }, { text })));
    for (const run of all) assert.ok((await runs.view(TENANT, null, run.id))?.output?.["text"] === text);
  });

  check("members that are undefined are left out", async ({ store: { runs } }) => {
    const run = newRun();
    const output = { kept: 1, dropped: undefined } as unknown as JsonObject;
    await acceptEnded(runs, run, { a: 1 }, output);
    assert.deepEqual(Object.keys((await runs.view(TENANT, null, run.id))?.output ?? {}), ["kept"]);
  });

  check("a value that no JSON text can be made of is refused, and nothing of the run stays", async ({ store: { runs } }) => {
    let deep: JsonObject = {};
    for (let level = 0; level < 20_000; level++) deep = { deep };
    const run = newRun();
    await assert.rejects(acceptEnded(runs, run, deep), RangeError);
    assert.equal(await runs.get(TENANT, null, run.id), null);
  });
}
