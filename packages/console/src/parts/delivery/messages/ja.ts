export default {
  "state.waiting": "実行の終了待ち",
  "state.due": "送信待ち",
  "state.delivered": "配信済み",
  "state.failed": "失敗",
  "state.disabled": "無効",
  attempts: "試行",
  "attempt.title": "試行 {number}",
  "attempt.took": "所要 {duration}",
  "attempt.next": "次回 {when}",
} as const;
