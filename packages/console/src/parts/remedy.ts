/** What helps most against a failure: its connection, the field that says most of the node, or a value in its place. */
export type Remedy = "connection" | "field" | "pin";

const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  "llm_auth",
  "llm_unavailable",
  "llm_rate_limited",
  "missing_reference",
  "database_denied",
]);
const OF_FIELDS =
  /^(expression_error|type_error|template_error|code_|llm_output_invalid|intent_unmatched|database_error|loop_limit|limit_exceeded|file_error|egress_denied|tool_error)/;

/** @param type of the error, as runs have it */
export function remedyOf(type: string): Remedy {
  if (OF_CONNECTIONS.has(type)) return "connection";
  return OF_FIELDS.test(type) ? "field" : "pin";
}
