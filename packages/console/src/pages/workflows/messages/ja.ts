export default {
  title: "ワークフロー",
  name: "名前",
  live: "公開中",
  updated: "更新",
  "live.none": "未公開",
  empty: "ワークフローはまだありません。ファイルを読み込むか、コマンドラインから公開してください。",
} as const;
