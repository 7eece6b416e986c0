export default {
  title: "Workflows",
  name: "Name",
  live: "Live",
  updated: "Updated",
  "live.none": "not published",
  empty: "No workflow yet. Import a file, or publish one from the command line:",
} as const;
