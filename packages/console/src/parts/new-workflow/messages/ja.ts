export default {
  blank: "空白",
  name: "名前",
  "name.hint": "他のワークフローと重ならない名前です。",
  create: "作成",
} as const;
