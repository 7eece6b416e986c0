export default {
  title: "工作流",
  name: "名称",
  live: "线上版本",
  updated: "更新时间",
  "live.none": "未发布",
  empty: "还没有工作流。请导入文件，或用命令行发布一个：",
} as const;
