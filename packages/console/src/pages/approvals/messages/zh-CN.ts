export default {
  title: "审批",
  lead: "工作流在继续之前向人提出的问题。",
  "status.OPEN": "待决定",
  "status.DECIDED": "已决定",
  "status.TIMED_OUT": "已超时",
  "status.CANCELLED": "已关闭",
  views: "显示哪些",
  "none.OPEN": "没有等待决定的事项。",
  "none.other": "暂无。",
} as const;
