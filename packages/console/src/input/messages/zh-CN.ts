export default {
  form: "表单",
  json: "JSON",
  "json.object": "输入须为对象：{example}",
  "fault.number": "请输入数字。",
  "fault.integer": "请输入整数。",
  "bool.true": "true",
  "bool.false": "false",
  none: "此工作流没有输入。",
} as const;
