export default {
  missing: "{type} という名前のエラーはありません。",
} as const;
