import assert from "node:assert/strict";
import { test } from "node:test";
import { changeCounts, diffSummary, summaryOfCounts } from "#diff/diff-summary";
import type { JsonObject } from "#json";
import { LANGUAGES } from "#language";
import { changed, loop, template } from "#testing/changed-news";

const MIXED = { nodes: [template("a", "x"), template("c", ""), loop("4")], edges: ["a -> c"] };
const SUMMARIES: readonly (readonly [summary: string, change: JsonObject])[] = [
  ["no changes", {}],
  ["1 node moved", { layout: { a: [9, 9] } }],
  ["1 node changed", { nodes: [template("a", "x"), template("b", "2"), loop("3")] }],
  ["2 nodes changed, 1 added, 1 removed", MIXED],
  ["1 node renamed", { nodes: [{ ...template("a", "1"), name: "A" }, template("b", "2"), loop("3")] }],
  ["2 edges added, 1 removed", { edges: ["b -> a", "a -> each"] }],
  ["1 edge added, 2 settings changed", { env: { A: 1 }, strictInput: true, edges: ["a -> b", "b -> each"] }],
];

for (const [summary, change] of SUMMARIES)
  test(`in a few words: ${summary}`, () => {
    assert.equal(diffSummary(changed(change)), summary);
  });

test("in a few words of each language", () => {
  const said = (change: JsonObject) => LANGUAGES.map((language) => diffSummary(changed(change), language));
  assert.deepEqual(said(MIXED), [
    "2 nodes changed, 1 added, 1 removed",
    "更改 2 个节点，新增 1 个，删除 1 个",
    "變更 2 個節點，新增 1 個，刪除 1 個",
    "ノード 2 件を変更、1 件を追加、1 件を削除",
  ]);
  assert.deepEqual(said({}), ["no changes", "没有更改", "沒有變更", "変更なし"]);
});

test("in numbers, which say the same in words", () => {
  assert.deepEqual(changeCounts(changed({})), {});
  assert.deepEqual(changeCounts(changed({ layout: { a: [9, 9] } })), { moved: 1 });
  for (const [summary, change] of SUMMARIES) assert.equal(summaryOfCounts(changeCounts(changed(change)), "en"), summary);
});
