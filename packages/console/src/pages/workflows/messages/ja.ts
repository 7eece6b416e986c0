export default {
  title: "ワークフロー",
  name: "名前",
  live: "公開中",
  draft: "下書き",
  updated: "更新",
  "draft.differs": "下書きが呼び出し先のバージョンと異なります",
  "live.none": "未公開",
  empty: "ワークフローはまだありません。ファイルを読み込むか、コマンドラインから公開してください。",
} as const;
