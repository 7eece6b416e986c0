export default {
  missing: "沒有名為 {type} 的錯誤。",
} as const;
