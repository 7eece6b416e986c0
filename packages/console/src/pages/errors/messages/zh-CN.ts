export default {
  missing: "没有名为 {type} 的错误。",
} as const;
