export default {
  form: "表單",
  json: "JSON",
  "json.bad": "不是有效的 JSON：{reason}",
  "json.object": "輸入須為物件：{example}",
  "number.bad": "請輸入數字。",
  "integer.bad": "請輸入整數。",
  true: "true",
  false: "false",
  none: "此工作流程沒有輸入。",
} as const;
