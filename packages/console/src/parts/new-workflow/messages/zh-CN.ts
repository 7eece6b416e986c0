export default {
  blank: "空白",
  name: "名称",
  "name.hint": "不能与其他工作流重名。",
  create: "创建",
} as const;
