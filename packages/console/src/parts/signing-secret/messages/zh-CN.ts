export default {
  text: "接收方用它验证签名（Standard Webhooks）。",
  since: "创建于 {when}。",
  previous: "之前的密钥在 {when} 之前也参与签名。",
  rotate: "轮换",
  "rotate.hint": "24 小时内两个密钥同时签名，便于接收方切换。",
  rotated: "已启用新密钥",
} as const;
