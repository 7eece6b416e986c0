export default {
  title: "Go to anything",
  hint: "Workflows, pages, or the id of a run",
  none: "Nothing is called like that.",
  "kind.page": "page",
  "kind.workflow": "workflow",
  "kind.run": "run",
} as const;
