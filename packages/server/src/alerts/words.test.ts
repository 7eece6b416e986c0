import assert from "node:assert/strict";
import { test } from "node:test";
import { ALERT_KIND_FACTS, ALERT_KINDS, LANGUAGES } from "@millrace/contract";
import { sentenceOf, testSentence } from "#alerts/words";
import type { AlertRow } from "#store/alert-store";

const rule = (part: Partial<AlertRow>): AlertRow => ({
  id: "66f0d0a1b3d4e5f607182a31",
  name: "",
  kind: "failure_rate",
  workflowId: null,
  budgetId: null,
  threshold: 5,
  windowMs: 3_600_000,
  channel: { kind: "slack", url: "https://hooks.example.com" },
  language: "en",
  quietMs: 0,
  enabled: true,
  state: "ok",
  firedAt: null,
  createdAt: 0,
  updatedAt: 0,
  ...part,
});

test("each rule is told in each language, with its figure and its bound", () => {
  for (const kind of ALERT_KINDS)
    for (const language of LANGUAGES) {
      const windowMs = ALERT_KIND_FACTS[kind].windowS && 7_200_000;
      const alert = rule({ kind, language, windowMs });
      for (const figure of [null, 1, 12.5]) {
        const texts = [sentenceOf(alert, "news", { type: "recovered", figure }), testSentence(alert, "news")];
        for (const text of texts) assert.doesNotMatch(text, /[{}]|undefined/, `${kind} ${language}`);
      }
    }
});

test("the sentences of one rule, from language to language", () => {
  const told = { type: "fired", figure: 12.5 } as const;
  assert.deepEqual(
    LANGUAGES.map((language) => sentenceOf(rule({ language, workflowId: "w" }), "news", told)),
    [
      "12.5 % of the runs of news failed within 1 h (alert above 5 %).",
      "news 在 1 小时内有 12.5% 的运行失败（超过 5% 时告警）。",
      "news 在 1 小時內有 12.5% 的執行失敗（超過 5% 時告警）。",
      "news の実行の 12.5% が 1 時間以内に失敗しました（5%を超えるとアラート）。",
    ],
  );
  assert.match(sentenceOf(rule({ kind: "cost_threshold" }), null, told), /^All workflows cost 12\.5 credits/);
  assert.match(sentenceOf(rule({ kind: "cost_threshold", workflowId: "w" }), "all in {of}", told), /^all in \{of\} cost/);
});
