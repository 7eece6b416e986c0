export default {
  title: "前往任意內容",
  hint: "工作流程、頁面或執行 ID",
  none: "沒有符合的內容。",
  "kind.page": "頁面",
  "kind.workflow": "工作流程",
  "kind.run": "執行",
} as const;
