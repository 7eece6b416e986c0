export default {
  form: "表單",
  json: "JSON",
  "json.object": "輸入須為物件：{example}",
  "fault.number": "請輸入數字。",
  "fault.integer": "請輸入整數。",
  "bool.true": "true",
  "bool.false": "false",
  none: "此工作流程沒有輸入。",
} as const;
