export default {
  "state.waiting": "等待執行結束",
  "state.due": "待傳送",
  "state.delivered": "已送達",
  "state.failed": "失敗",
  "state.disabled": "已停用",
  attempts: "嘗試次數",
  "attempt.title": "第 {number} 次嘗試",
  "attempt.took": "耗時 {duration}",
  "attempt.next": "下次：{when}",
} as const;
