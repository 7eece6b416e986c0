export default {
  title: "前往任意内容",
  hint: "工作流、页面或运行 ID",
  none: "没有匹配的内容。",
  "kind.page": "页面",
  "kind.workflow": "工作流",
  "kind.run": "运行",
} as const;
