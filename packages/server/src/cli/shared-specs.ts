import type { ArgumentSpec, FlagSpec } from "#cli/flag";

// What many commands take.

export const WORKFLOW: ArgumentSpec = { name: "workflow", summary: "id or name" };
export const LIMIT: FlagSpec = { name: "limit", kind: "integer", value: "rows", fallback: "20", summary: "rows at most; 0: all" };
export const FILES: ArgumentSpec = { name: "files", summary: "files or folders; default ./flows", optional: true, many: true };
