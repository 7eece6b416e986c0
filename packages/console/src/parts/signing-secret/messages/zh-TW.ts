export default {
  text: "接收方用它驗證簽章（Standard Webhooks）。",
  since: "建立於 {when}。",
  previous: "先前的密鑰在 {when} 之前也參與簽章。",
  rotate: "輪替",
  "rotate.hint": "24 小時內兩個密鑰同時簽章，方便接收方切換。",
  rotated: "已啟用新密鑰",
} as const;
