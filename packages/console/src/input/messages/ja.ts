export default {
  form: "フォーム",
  json: "JSON",
  "json.bad": "JSON ではありません: {reason}",
  "json.object": "入力はオブジェクトです: {example}",
  "number.bad": "数値を入力してください。",
  "integer.bad": "整数を入力してください。",
  true: "true",
  false: "false",
  none: "このワークフローに入力はありません。",
} as const;
