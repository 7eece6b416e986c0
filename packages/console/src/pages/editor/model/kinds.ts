import type { JsonObject } from "@millrace/contract";
import { nodeSpecs } from "@millrace/nodes/specs";

/** The palette's groups, in its order. */
export const GROUPS = ["ai", "logic", "data", "human", "flow"] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_TYPES: Readonly<Record<Group, readonly string[]>> = {
  ai: ["llm", "agent", "extract", "intent", "knowledge", "audio"],
  logic: ["condition", "loop", "batch", "set", "next", "continue", "break", "delay", "signal"],
  data: ["http", "code", "template", "database", "file-parse", "tool", "list", "split", "aggregate"],
  human: ["approval", "comment"],
  flow: ["start", "end", "workflow"],
};

/** Node types of this build in their groups; one that no group names comes with the data. */
export const PALETTE: readonly { readonly group: Group; readonly types: readonly string[] }[] = GROUPS.map((group) => ({
  group,
  types: [...GROUP_TYPES[group].filter((type) => nodeSpecs.has(type)), ...(group === "data" ? unnamed() : [])],
}));

function unnamed(): readonly string[] {
  const named = new Set(Object.values(GROUP_TYPES).flat());
  return [...nodeSpecs.keys()].filter((type) => !named.has(type));
}

export function groupOf(type: string): Group {
  return GROUPS.find((group) => GROUP_TYPES[group].includes(type)) ?? "data";
}

const EMPTY_BODY = { nodes: [], edges: [] };

/** What a new node begins with: the least that its schema takes, so that the list of problems asks for values and not for members. */
const INITIAL: Readonly<Record<string, JsonObject>> = {
  start: { input: { type: "object", properties: {} } },
  end: { output: {} },
  condition: { cases: [{ port: "yes", match: "all", rows: [{ left: "", op: "eq", right: "" }] }] },
  intent: {
    query: "",
    intents: [
      { port: "first", text: "" },
      { port: "other", text: "other" },
    ],
  },
  llm: { prompt: "" },
  extract: { text: "", schema: { type: "object", properties: {} } },
  agent: { prompt: "" },
  audio: { prompt: "" },
  code: { code: "return {};" },
  http: { request: { method: "GET", url: "https://" } },
  tool: { tool: "" },
  knowledge: { query: "", collections: [] },
  "file-parse": { file: "" },
  database: { sql: "" },
  template: { text: "" },
  split: { text: "", delimiters: ["\n"] },
  aggregate: { groups: { value: [""] } },
  loop: { items: "{{ [] }}", body: EMPTY_BODY },
  batch: { items: "{{ [] }}", body: EMPTY_BODY },
  set: { assign: {} },
  workflow: { workflow: "" },
  approval: { title: "" },
  delay: { forMs: 1_000 },
  signal: { signal: "" },
  comment: { text: "" },
};

export function initialConfig(type: string): JsonObject {
  return INITIAL[type] ?? {};
}

/** What expressions call a node of the type until somebody renames it: `file-parse` is `file_parse`. */
export function idStem(type: string): string {
  const stem = type.replaceAll(/[^A-Za-z0-9_]/g, "_");
  return RESERVED_STEMS[stem] ?? stem;
}

/** Words of the expression language. */
const RESERVED_STEMS: Readonly<Record<string, string>> = { break: "leave", continue: "skip", switch: "choose" };
