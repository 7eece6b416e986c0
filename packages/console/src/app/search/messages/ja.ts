export default {
  title: "どこへでも移動",
  hint: "ワークフロー、ページ、実行 ID",
  none: "一致するものはありません。",
  "kind.page": "ページ",
  "kind.workflow": "ワークフロー",
  "kind.run": "実行",
} as const;
