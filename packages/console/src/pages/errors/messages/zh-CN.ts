export default {
  missing: "没有名为 {type} 的错误。",
  english: "此页仅有英文版本。",
} as const;
