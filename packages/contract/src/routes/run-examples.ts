const head = {
  workflowId: "66f0c1a2b3d4e5f60718293a",
  workflowName: "headline_digest",
  workflowVersion: "1.0.2",
};
const first = { ...head, workflowRunId: "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10" };
const input = { topic: "tides", limit: 2 };

/** The examples of the run API: one workflow, the same runs throughout. */
export const EXAMPLES = {
  invoke: { userId: "u-204", input },
  invokeAsync: {
    userId: "u-204",
    input,
    isAsync: true,
    webhook: [
      { method: "POST", url: "https://hooks.example.com/runs", headers: { "X-Team": "harbour" } },
      { method: "get", url: "https://ping.example.net/done?source=mill" },
    ],
  },
  accepted: { ...first, status: "PENDING" },
  query: { workflowRunId: first.workflowRunId },
  signal: { workflowRunId: first.workflowRunId, name: "paid", value: { amount: 42 } },
  running: { ...first, input, status: "RUNNING", startTime: 1790000000120 },
  succeeded: {
    ...first,
    input,
    output: { headlines: ["Spring tide on Friday", "Harbour gauge repaired"] },
    workflowExecutionTime: 1840,
    status: "SUCCEED",
    totalCost: 0.2113,
    totalTokens: 912,
    startTime: 1790000000120,
    endTime: 1790000001964,
  },
  failed: {
    ...head,
    workflowRunId: "01a0c450-7001-7c3e-8a55-0b9f21d4c6e7",
    input,
    workflowExecutionTime: 30412,
    status: "FAILED",
    totalCost: 0,
    totalTokens: 0,
    startTime: 1790000001040,
    endTime: 1790000031455,
    error: {
      code: 502,
      type: "http_503",
      message: "GET https://news.example.com/v1/list answered 503 (3 attempts)",
      nodeId: "fetch",
      nodeName: "Fetch headlines",
    },
  },
  retryFromStart: { workflowRunId: first.workflowRunId, from: "start", version: "live" },
  events:
    'id: 7\nevent: node.finished\ndata: {"nodeId":"fetch","nodeName":"Fetch headlines","path":"fetch","port":"out","output":{"status":200},"at":1790000001001}\n\n',
  cancelled: {
    ...first,
    input,
    workflowExecutionTime: 950,
    status: "FAILED",
    totalCost: 0,
    totalTokens: 0,
    startTime: 1790000000120,
    endTime: 1790000001070,
    error: { code: 499, type: "cancelled", message: "The run was cancelled." },
  },
  verified: {
    code: 0,
    message: "OK",
    data: {
      entity_type: "workflow",
      entity_id: head.workflowId,
      name: head.workflowName,
      api_enabled: true,
      version_manage_enabled: false,
      live_version: head.workflowVersion,
    },
  },
} as const;
