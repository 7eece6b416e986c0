export default {
  "state.waiting": "等待运行结束",
  "state.due": "待发送",
  "state.delivered": "已送达",
  "state.failed": "失败",
  "state.disabled": "已停用",
  attempts: "尝试次数",
  "attempt.title": "第 {number} 次尝试",
  "attempt.took": "耗时 {duration}",
  "attempt.next": "下次：{when}",
} as const;
