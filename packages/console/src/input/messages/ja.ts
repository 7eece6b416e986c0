export default {
  form: "フォーム",
  json: "JSON",
  "json.object": "入力はオブジェクトです：{example}",
  "fault.number": "数値を入力してください。",
  "fault.integer": "整数を入力してください。",
  "bool.true": "true",
  "bool.false": "false",
  none: "このワークフローに入力はありません。",
} as const;
