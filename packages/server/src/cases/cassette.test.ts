import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cassette } from "@millrace/contract";
import { cassettePath, parseCassette, recordedAnew, recordedFor } from "#cases/cassette";

const AT = "2026-01-01T00:00:00.000Z";
const NOW = "2026-02-02T00:00:00.000Z";
const BEFORE: Cassette = {
  format: "millrace-cassette/1",
  cases: {
    kept: { recordedAt: AT, nodes: { fetch: [{ output: { body: 1 } }] } },
    again: { recordedAt: AT, nodes: { fetch: [{ output: { body: 2 } }] } },
    mocked: { recordedAt: AT, nodes: { fetch: [{ output: { body: 3 } }] } },
    renamed: { recordedAt: AT, nodes: {} },
  },
};

test("a cassette lies beside its test file", () => {
  assert.equal(cassettePath("flows/news.test.yaml"), "flows/news.cassette.json");
  assert.equal(cassettePath("news.test.json"), "news.cassette.json");
});

test("what was recorded anew takes the place of the old, what was not stays, and cases that record nothing have none", () => {
  const tapes = new Map([
    ["again", new Map([["fetch", [{ error: { type: "http_503", message: "Away.", retryable: true } }, { output: { body: 4 } }]]])],
    ["mocked", new Map()],
  ]);
  const anew = recordedAnew(BEFORE, ["kept", "again", "mocked", "new"], tapes, NOW);
  assert.deepEqual(Object.keys(anew?.cases ?? {}), ["kept", "again"]);
  assert.equal(anew?.cases["kept"], BEFORE.cases["kept"]);
  assert.equal(anew?.cases["again"]?.recordedAt, NOW);
  assert.deepEqual(recordedFor(anew, "again")["fetch"]?.[1], { output: { body: 4 } });
  assert.deepEqual(recordedFor(anew, "new"), {});
  assert.deepEqual(parseCassette(JSON.stringify(anew)), { cassette: JSON.parse(JSON.stringify(anew)) as Cassette, problems: [] });
  assert.equal(recordedAnew(BEFORE, ["mocked"], tapes, NOW), null);
});

test("a cassette that is none is told of", () => {
  assert.equal(parseCassette("{").problems[0]?.code, "file_unreadable");
  assert.match(parseCassette('{"format":"millrace-cassette/2","cases":{}}').problems[0]?.message ?? "", /format/);
});
