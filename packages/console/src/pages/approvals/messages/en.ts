export default {
  title: "Approvals",
  lead: "What workflows ask people before they go on.",
  "status.OPEN": "Open",
  "status.DECIDED": "Decided",
  "status.TIMED_OUT": "Timed out",
  "status.CANCELLED": "Closed",
  views: "Which ones",
  "none.OPEN": "Nothing waits for a decision.",
  "none.other": "There are none.",
} as const;
