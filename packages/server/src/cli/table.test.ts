import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, duration, tabbedText, tableText } from "#cli/table";

test("columns are in line, whatever the script", () => {
  const rows = [
    { name: "news", lastUsed: 1 },
    { name: "今日", lastUsed: null },
  ];
  assert.equal(tableText(rows), "NAME  LAST USED\nnews  1\n今日\n");
  assert.equal(tableText([]), "");
  assert.equal(tabbedText(rows), "news\t1\n今日\t\n");
});

test("times for people", () => {
  const now = 1_790_000_000_000;
  assert.deepEqual(
    [0, 59_000, 120_000, 7_200_000, 172_800_000, -5_000].map((past) => ago(now - past, now)),
    ["0 s ago", "59 s ago", "2 min ago", "2 h ago", "2 d ago", "0 s ago"],
  );
  assert.deepEqual([0, 999, 1_700].map(duration), ["0 ms", "999 ms", "1.7 s"]);
});
