/** The vendor's node types, and the member that holds what is specific to each; null: the type has none. */
const PARAMS = {
  START: null,
  END: "endParam",
  LLM: "llmParam",
  AUDIO_LLM: "audioLlmParam",
  INTENT: "intentParam",
  CONDITION: "conditionParam",
  CODE: "codeParam",
  HTTP: "httpParam",
  DATASET: "datasetParam",
  DATABASE: "databaseParam",
  TOOL_API: "toolApiParam",
  FILE_PARSE: "fileParseParam",
  TEXT_PROCESS: "textProcessParam",
  VARIABLE_AGGREGATE: "variableAggregateParam",
  SET_INTERMEDIATE_VARIABLE: "setIntermediateVariableParam",
  LOOP: "loopParam",
  BATCH: "batchParam",
  NEXT_LOOP: null,
  CONTINUE: null,
  BREAK: null,
  COMMENT: "commentParam",
} as const satisfies { readonly [type: string]: string | null };

export type FlowNodeType = keyof typeof PARAMS;

export function isFlowNodeType(type: unknown): type is FlowNodeType {
  return typeof type === "string" && Object.hasOwn(PARAMS, type);
}

export function paramNameOf(type: FlowNodeType): string | null {
  return PARAMS[type];
}

export function isContainer(type: unknown): type is "LOOP" | "BATCH" {
  return type === "LOOP" || type === "BATCH";
}

/** Nodes that end an iteration; nothing follows them. */
export function isControl(type: unknown): type is "NEXT_LOOP" | "CONTINUE" | "BREAK" {
  return type === "NEXT_LOOP" || type === "CONTINUE" || type === "BREAK";
}

/** Nodes whose edges are told apart by their `sourceHandle`. */
export function isBranching(type: unknown): type is "CONDITION" | "INTENT" {
  return type === "CONDITION" || type === "INTENT";
}

/** Names that a template can reach, and that variables should have. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
