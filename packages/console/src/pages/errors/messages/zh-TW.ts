export default {
  missing: "沒有名為 {type} 的錯誤。",
  english: "此頁僅有英文版本。",
} as const;
