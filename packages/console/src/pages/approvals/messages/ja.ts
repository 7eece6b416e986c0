export default {
  title: "承認",
  lead: "ワークフローが先へ進む前に人へ尋ねていることです。",
  "status.OPEN": "未判断",
  "status.DECIDED": "判断済み",
  "status.TIMED_OUT": "期限切れ",
  "status.CANCELLED": "終了",
  views: "表示する承認",
  "none.OPEN": "判断待ちはありません。",
  "none.other": "ありません。",
} as const;
