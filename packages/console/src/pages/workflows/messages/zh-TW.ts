export default {
  title: "工作流程",
  name: "名稱",
  live: "線上版本",
  updated: "更新時間",
  "live.none": "未發布",
  empty: "還沒有工作流程。請匯入檔案，或用命令列發布一個：",
} as const;
