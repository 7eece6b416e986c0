export default {
  missing: "{type} という名前のエラーはありません。",
  english: "このページは英語のみです。",
} as const;
