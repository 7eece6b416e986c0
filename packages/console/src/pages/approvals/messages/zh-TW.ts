export default {
  title: "簽核",
  lead: "工作流程在繼續之前向人提出的問題。",
  "status.OPEN": "待決定",
  "status.DECIDED": "已決定",
  "status.TIMED_OUT": "已逾時",
  "status.CANCELLED": "已關閉",
  views: "顯示哪些",
  "none.OPEN": "沒有等待決定的事項。",
  "none.other": "暫無。",
} as const;
