export default {
  form: "表单",
  json: "JSON",
  "json.bad": "不是有效的 JSON：{reason}",
  "json.object": "输入须为对象：{example}",
  "number.bad": "请输入数字。",
  "integer.bad": "请输入整数。",
  true: "true",
  false: "false",
  none: "此工作流没有输入。",
} as const;
