export default {
  text: "受信側はこれで署名を検証します（Standard Webhooks）。",
  since: "{when}に作成。",
  previous: "以前のものも {when} まで署名に使われます。",
  rotate: "ローテーション",
  "rotate.hint": "24 時間は両方で署名されるので、受信側を切り替えられます。",
  rotated: "新しいシークレットで署名します",
} as const;
