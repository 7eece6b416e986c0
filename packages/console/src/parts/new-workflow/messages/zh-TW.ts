export default {
  blank: "空白",
  name: "名稱",
  "name.hint": "不能與其他工作流程重名。",
  create: "建立",
} as const;
