export default {
  title: "Workflows",
  name: "Name",
  live: "Live",
  draft: "Draft",
  updated: "Updated",
  "draft.differs": "The draft differs from what callers reach",
  "live.none": "not published",
  empty: "No workflow yet. Import a file, or publish one from the command line:",
} as const;
