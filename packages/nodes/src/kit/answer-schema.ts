import { compileAnswer, type JsonObject } from "@millrace/contract";
import type { Problem } from "@millrace/engine";

/** Of a config that wants a text and says what JSON it is to be. */
export const TEXT_WITH_SCHEMA: Problem = {
  code: "unused_member",
  level: "error",
  path: "/schema",
  message: "a text has no schema; write output: json, or leave output out",
};

/** The problems of a config member that is the JSON Schema of an answer. `path` is relative to the node. */
export function checkAnswerSchema(schema: JsonObject, path: string): readonly Problem[] {
  const compiled = compileAnswer(schema);
  if (compiled.ok) return [];
  return compiled.problems.map(({ path: below, code, message }) => ({ code, level: "error", path: path + below, message }));
}
